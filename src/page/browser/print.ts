/** On paper nothing can be unfolded: it is open there, and as it was afterwards. */
export function openForPrint(window: Window): void {
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    opened = [...window.document.querySelectorAll<HTMLDetailsElement>("details:not([open]):not(.numbers)")];
    for (const details of opened) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}
