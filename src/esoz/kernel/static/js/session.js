// Two minutes before the session ends a dialogue offers to go on; typed text is not lost.
const WARN_SECONDS = 120;

export function warnBeforeSessionEnds(root) {
  const dialog = root.querySelector("dialog[data-session-seconds]");
  if (!dialog) return;
  let timer;
  const restart = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => dialog.showModal(), Math.max(0, seconds - WARN_SECONDS) * 1000);
  };
  dialog.addEventListener("close", async () => {
    const answer = await fetch(dialog.dataset.sessionUrl, { redirect: "manual" });
    if (!answer.ok) {
      location.reload(); // signed out meanwhile: the sign-in page says so
      return;
    }
    restart(Number((await answer.json()).seconds));
  });
  restart(Number(dialog.dataset.sessionSeconds));
}
