// While the server is away, says so over the page; when it is back, asks it for a fresh page.
//
// Streamlit by itself greys its controls, but leaves every number standing as if it were of now; and after the session
// was dropped meanwhile it connects to a new one without running the page, so the old numbers would stay until a click.
// Its state of connection is an attribute of the page; should that be lost in a new Streamlit, nothing happens here.

const STATE = "data-test-connection-state";
const AWAY = ["PINGING_SERVER", "CONNECTING", "DISCONNECTED_FOREVER"];
const PATIENCE = 800; // ms; a connection that is back at once is no news
const READING = 12_000; // ms
const WORDS =
  "No connection to CohortLens. What you see is from before; nothing can be changed until it is back. " +
  "This page keeps trying. After about a minute an uploaded file has to be opened again.";

let latest = null; // the component as Streamlit last gave it
let lost = null; // mark of the session that was on screen when the connection went
let asked = null; // the same mark, until another session answers
let timer = 0;
let watched = null;

const banner = document.createElement("div");
banner.className = "connection-lost";
banner.setAttribute("role", "alert");
banner.hidden = true;

function say(words) {
  banner.hidden = false;
  banner.textContent = words;
  // a class on the body, not body:has(): that would cost style work at every change of the page
  document.body.classList.toggle("connection-pale", banner.classList.contains("connection-away"));
}

function quiet() {
  clearTimeout(timer);
  banner.hidden = true;
  banner.textContent = "";
  banner.classList.remove("connection-away");
  document.body.classList.remove("connection-pale");
}

function look() {
  const state = watched.getAttribute(STATE);
  if (AWAY.includes(state) && lost === null) {
    quiet();
    lost = latest.data.mark;
    banner.classList.add("connection-away");
    timer = setTimeout(say, PATIENCE, WORDS);
  } else if (state === "CONNECTED" && lost !== null) {
    quiet();
    asked = lost;
    latest.setTriggerValue("back", lost); // whatever the value: it makes Streamlit run the page
    lost = null;
  }
}

// Streamlit's short messages are dialogs without a name; a screen reader gets their words as one. Only what is put
// directly under the body is watched, which no redraw of the page does.
function nameMessages() {
  for (const one of document.querySelectorAll("[data-testid=stToast]:not([aria-label])"))
    one.setAttribute("aria-label", one.querySelector("[data-testid=stToastText]")?.textContent || "Message");
}
const messages = new MutationObserver(nameMessages);
const arrivals = new MutationObserver((changes) => {
  for (const change of changes)
    for (const added of change.addedNodes)
      if (added.dataset?.testid === "stToastContainer") messages.observe(added, { childList: true, subtree: true });
  nameMessages();
});

// Back undoes the last filter or choice: the address that was gone to is marked before Streamlit reads it, since a run
// of the server does not know otherwise whether Back or a click was its reason. An address that changes by itself (a
// page sets its defaults, or follows Back) replaces the entry of the history instead of adding one.
if (!history.pushState.quiet) {
  const push = history.pushState.bind(history);
  let byItself = true;
  const touched = () => (byItself = false);
  addEventListener("pointerdown", touched, true);
  addEventListener("keydown", touched, true);
  addEventListener("popstate", (event) => {
    if (!event.isTrusted) return; // our own, below
    byItself = true;
    const marked = new URL(location);
    marked.searchParams.set("undo", "1");
    history.replaceState(history.state, "", marked);
    dispatchEvent(new PopStateEvent("popstate")); // Streamlit may have read the address before it was marked
  }, true);
  history.pushState = (state, title, url) => {
    const before = location.pathname;
    if (byItself) history.replaceState(state, title, url);
    else push(state, title, url);
    if (location.pathname !== before) byItself = true;
  };
  history.pushState.quiet = true;
}

function watch() {
  const app = document.querySelector(`[${STATE}]`);
  if (!app || app === watched) return;
  watched = app;
  document.body.append(banner);
  arrivals.observe(document.body, { childList: true });
  new MutationObserver(look).observe(app, { attributes: true, attributeFilter: [STATE] });
}

export default function (component) {
  latest = component;
  watch();
  // Streamlit may draw this part again with what it knew before the page was run.
  if (asked === null || component.data.mark === asked) return;
  asked = null;
  if (!component.data.anew) return;
  say(component.data.anew);
  timer = setTimeout(quiet, READING);
}
