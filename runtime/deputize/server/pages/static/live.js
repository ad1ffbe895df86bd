// New runs, and runs that go on, while somebody reads the list.
//
// A row that is there is changed where it stands. A new one is put on top only while nobody is at the list: the
// page stands at its top, and neither pointer nor focus is in the table. Otherwise it waits behind a button that
// says how many there are, so that nothing moves under the reader. Pause ends both the rows and the speech.

const MOST_ROWS = 300;
const SPEECH_MILLISECONDS = 5000;

const strip = document.querySelector("[data-live]");
const pause = document.getElementById("pause");
const state = document.getElementById("live-state");
const said = document.getElementById("said");
const button = document.getElementById("held");
const body = document.getElementById("runs");
const table = body?.closest("table");

const held = new Map();
const refused = new Set();
const unsaid = new Map();
let place = null;
let source = null;
let speech = null;

function follow() {
  const address = new URL(strip.dataset.live, location.href);
  if (place) address.searchParams.set("after", place);
  source = new EventSource(address);
  source.addEventListener("open", () => { state.textContent = "Live"; });
  source.addEventListener("error", () => {
    const over = source.readyState === EventSource.CLOSED;
    state.textContent = over ? "Not live any more: load the page again" : "Connecting again";
  });
  source.addEventListener("runs", (event) => {
    place = event.lastEventId;
    take(JSON.parse(event.data));
  });
}

function take({ rows, refused: those }) {
  for (const id of those) refused.add(`run-${id}`);
  const template = document.createElement("template");
  template.innerHTML = rows;
  for (const row of template.content.querySelectorAll("tr")) {
    const there = document.getElementById(row.id);
    if (there) {
      change(there, row);
    } else {
      if (!held.has(row.id)) unsaid.set(row.id, true);
      held.set(row.id, row);
    }
  }
  if (held.size && isLeftAlone() && button.hidden) show();
  else if (held.size) offer();
  if (unsaid.size && !speech) speech = setTimeout(speak, SPEECH_MILLISECONDS);
}

function change(there, row) {
  [...there.cells].forEach((cell, number) => {
    const next = row.cells[number];
    if (cell.innerHTML !== next.innerHTML && !cell.contains(document.activeElement)) {
      cell.replaceChildren(...next.childNodes);
    }
  });
}

function isLeftAlone() {
  return body && body.rows.length + held.size <= MOST_ROWS && scrollY === 0
    && !table.matches(":hover") && !table.contains(document.activeElement);
}

function show() {
  const rows = [...held.values()].sort((one, other) => other.dataset.queued.localeCompare(one.dataset.queued));
  for (const row of rows) {
    const next = [...body.rows].find((each) => each.dataset.queued <= row.dataset.queued);
    body.insertBefore(row, next ?? null);
  }
  held.clear();
  button.hidden = true;
  return rows[0];
}

function offer() {
  button.textContent = `Show ${inWords([...held.keys()])}`;
  button.hidden = false;
}

function inWords(ids) {
  const many = ids.filter((id) => refused.has(id)).length;
  const runs = `${ids.length} new ${ids.length === 1 ? "run" : "runs"}`;
  return many ? `${runs}, ${many} refused` : runs;
}

function speak() {
  speech = null;
  if (!unsaid.size) return;
  said.textContent = `${inWords([...unsaid.keys()])}.`;
  unsaid.clear();
}

button.addEventListener("click", () => {
  if (!body || body.rows.length + held.size > MOST_ROWS) {
    location.reload();
    return;
  }
  const first = show();
  scrollTo({ top: 0 });
  first?.querySelector("a").focus({ preventScroll: true });
});

pause.addEventListener("click", () => {
  const paused = source.readyState !== EventSource.CLOSED;
  strip.classList.toggle("paused", paused);
  pause.lastElementChild.textContent = paused ? "Resume" : "Pause";
  if (paused) {
    source.close();
    clearTimeout(speech);
    speech = null;
    unsaid.clear();
    state.textContent = "Paused";
  } else {
    follow();
  }
});

pause.hidden = false;
follow();
