// Buttons that copy the text of another element; without scripts there are none.
for (const button of document.querySelectorAll("[data-copies]")) {
  const words = button.lastChild;
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    words.textContent = "Copied";
    button.setAttribute("aria-live", "polite");
    setTimeout(() => { words.textContent = before; }, 2000);
  });
}
