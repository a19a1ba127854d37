// A page that asks how its work goes on does not stop asking because one answer was lost.
const PAUSE = 10_000;

export function askAgain(htmx) {
  const later = ({ detail: { ctx } }) => {
    const part = ctx?.sourceElement;
    if (!part?.matches(".app-progress[data-hx-get]") || (ctx.response && ctx.response.status < 500)) return;
    const ask = () => part.isConnected && htmx.ajax("GET", part.dataset.hxGet, { source: part, swap: "outerHTML" });
    setTimeout(ask, PAUSE);
  };
  htmx.on("htmx:response:error", later);
  htmx.on("htmx:error", later);
}
