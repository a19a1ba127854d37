// The person's menu is a <details>; with scripts it also closes by Escape and by a click beside it.
export function closeMenus(root) {
  const open = () => root.querySelectorAll("[data-menu][open]");
  root.addEventListener("click", ({ target }) => {
    for (const menu of open()) if (!menu.contains(target)) menu.open = false;
  });
  root.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
