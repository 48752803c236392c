// One chart that stays on the page: Plotly.react changes it in place, where Streamlit would take it down and mount it
// again. Python sends a new figure (bytes of JSON); the drawing, its table and its pictures are made here.
//
// What it cost to learn:
// - Plotly keeps and changes the objects it is given: parse afresh for every drawing.
// - layout.transition leaves old titles and annotations standing: nothing is animated, ever.
// - A chart in a closed tab has no width: it is drawn when it gets one.
// - A picture (an SVG inside an <img>) cannot see the page's typeface: it is put into the SVG.

const VERSION = "4.1.1"; // of static/plotly-cartesian.min.js, the plotly.js of plotly.py 7.1
const SVG_NS = "http://www.w3.org/2000/svg";
const CONFIG = { displayModeBar: false, displaylogo: false, doubleClick: false, responsive: false, showTips: false };
const PAPER = 646; // px inside a card on A4 with margins of 15 mm: on paper a chart is drawn anew, not cut
const SLIDE = { width: 1600, height: 900, scale: 2 };

const POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

const given = new Set(); // names of the slides that were already saved
const charts = new WeakMap(); // parent element of the component → its chart
const drawn = new Set(); // charts on the page: a patient pointed at in one is named in the others

// --- what all charts of the page share -------------------------------------------------------------------------

function address(file) {
  // Streamlit may be served under a path; this module's own address tells.
  const [root, rest] = import.meta.url.split("/_stcore/");
  return rest ? `${root}/app/static/${file}` : new URL(`app/static/${file}`, document.baseURI).href;
}

function loadPlotly() {
  window.cohortLensPlotly ??= new Promise((resolve, reject) => {
    const theirs = window.Plotly; // Streamlit's own chart leaves one there
    const script = document.createElement("script");
    script.src = address("plotly-cartesian.min.js");
    script.onload = () => {
      const ours = window.Plotly;
      if (theirs) window.Plotly = theirs;
      if (ours?.version === VERSION) resolve(ours);
      else reject(new Error(`plotly.js ${VERSION} was expected`));
    };
    script.onerror = () => reject(new Error("plotly.js could not be loaded"));
    document.head.append(script);
  });
  return window.cohortLensPlotly;
}

function loadFont() {
  // Plotly measures text once: before the typeface is there it would measure another one. Late is better than never.
  window.cohortLensFont ??= Promise.race([
    Promise.all(["400", "600"].map((weight) => document.fonts.load(`${weight} 14px "Hanken Grotesk"`))),
    new Promise((resolve) => setTimeout(resolve, 1500)),
  ]).catch(() => undefined);
  return window.cohortLensFont;
}

function loadFontData() {
  window.cohortLensFontData ??= fetch(address("HankenGrotesk.woff2"))
    .then((answer) => (answer.ok ? answer.blob() : Promise.reject(new Error("typeface not found"))))
    .then((blob) => new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(`data:font/woff2;base64,${reader.result.split(",")[1]}`);
      reader.onerror = reject;
      reader.readAsDataURL(blob);
    }))
    .catch(() => "");
  return window.cohortLensFontData;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// --- one chart -------------------------------------------------------------------------------------------------

class Chart {
  constructor(parent) {
    this.host = make("div", "lc lc-waiting");
    this.figure = make("div", "lc-figure");
    this.figure.setAttribute("role", "figure");
    this.plot = make("div", "lc-plot");
    this.plot.setAttribute("aria-hidden", "true"); // loose words of the drawing; the label and the table say it
    this.figure.append(this.plot);
    this.table = make("div", "lc-table");
    this.table.tabIndex = 0; // so that the keyboard can scroll it
    this.table.setAttribute("role", "region");
    this.table.hidden = true;
    this.tools = make("div", "lc-tools");
    this.tools.setAttribute("role", "group");
    this.tableButton = this.button("Table", () => this.showTable(this.table.hidden));
    this.pngButton = this.button("PNG", () => this.save("png"));
    this.svgButton = this.button("SVG", () => this.save("svg"));
    this.slideButton = this.button("Slide", () => this.askSlide());
    this.status = make("div", "lc-status");
    this.status.setAttribute("role", "status");
    // Tools before the figure: they sit at its upper right, and the keyboard meets them there too.
    this.host.append(this.tools, this.figure, this.table, this.status);
    parent.append(this.host);
    // Streamlit cuts off what stands outside an element of fixed height: the tools do. Not by CSS: a rule with :has()
    // makes the browser look up from every mark that Plotly adds or removes: a quarter of a click's style work.
    this.host.closest(".stElementContainer")?.style.setProperty("overflow", "visible", "important");
    this.host.addEventListener("pointerup", () => this.touch());
    this.outside = (event) => this.host.contains(event.target) || this.host.classList.remove("lc-active");
    document.addEventListener("pointerdown", this.outside);
    this.drawnWidth = 0;
    this.print = () => this.onPaper(PAPER);
    this.printed = () => this.onPaper(undefined);
    window.addEventListener("beforeprint", this.print);
    window.addEventListener("afterprint", this.printed);
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(this.figure);
  }

  button(text, act) {
    const button = make("button", "lc-tool", text);
    button.type = "button";
    button.addEventListener("click", act);
    this.tools.append(button);
    return button;
  }

  touch() {
    // Without a mouse nothing hovers: a tap on the chart brings its tools, a tap elsewhere takes them away.
    this.host.classList.add("lc-active");
  }

  update(text, component) {
    this.setTriggerValue = component.setTriggerValue;
    if (text === this.text) return;
    this.text = text;
    const { figure, made, ...rest } = JSON.parse(text);
    this.settings = rest;
    if (made) this.give(made);
    this.host.style.height = `${rest.height}px`;
    this.figure.setAttribute("aria-label", rest.alt);
    this.describe(rest);
    this.draw();
  }

  describe({ title, table, slide, pictures }) {
    const name = title || "chart";
    this.tools.setAttribute("aria-label", `Tools of ${name}`);
    this.nameTableButton();
    this.pngButton.setAttribute("aria-label", `PNG picture of ${name}`);
    this.svgButton.setAttribute("aria-label", `SVG picture of ${name}`);
    this.slideButton.setAttribute("aria-label", `Slide (.pptx) of ${name}`);
    this.slideButton.hidden = !slide;
    this.pngButton.hidden = this.svgButton.hidden = pictures === "none";
    this.table.setAttribute("aria-label", `Table of ${name}`);
    this.tableButton.hidden = !table;
    this.table.replaceChildren(); // filled when it is opened: most tables of a redraw are never looked at
    if (!table) this.showTable(false);
    else if (!this.table.hidden) this.fill(table);
  }

  fill({ columns, rows, notes }) {
    const table = make("table");
    const head = make("tr");
    for (const { name, align } of columns) {
      const cell = make(name ? "th" : "td", `lc-${align}`, name); // a heading without words is no heading
      if (name) cell.scope = "col";
      head.append(cell);
    }
    const body = make("tbody");
    for (const row of rows) {
      const line = make("tr");
      row.forEach((text, i) => line.append(make("td", `lc-${columns[i].align}`, text)));
      body.append(line);
    }
    const top = make("thead");
    top.append(head);
    table.append(top, body);
    this.table.replaceChildren(table, ...notes.map((note) => make("p", "", note)));
  }

  showTable(show) {
    if (show && !this.table.hasChildNodes()) this.fill(this.settings.table);
    this.table.hidden = !show;
    this.figure.hidden = show;
    this.nameTableButton();
    this.host.classList.toggle("lc-tabled", show);
  }

  nameTableButton() {
    const back = !this.table.hidden;
    const name = this.settings.title || "chart";
    this.tableButton.textContent = back ? "Chart" : "Table";
    this.tableButton.setAttribute("aria-label", back ? `Chart instead of table of ${name}` : `Table of ${name}`);
  }

  parsed() {
    return JSON.parse(this.text).figure;
  }

  fit() {
    // Here the page is laid out; asking for a width while Streamlit changes it would lay it out once more.
    this.room = this.figure.clientWidth;
    if (this.room !== this.drawnWidth) this.draw();
  }

  onPaper(width) {
    if (!this.figure.clientWidth) return; // in a closed place: not printed
    this.paper = width;
    this.draw();
  }

  shrink(room, width) {
    // A drawing for the projector keeps its proportions on a narrower screen.
    const scale = room / width;
    this.plot.style.width = scale < 1 ? `${width}px` : "";
    this.plot.style.transformOrigin = "0 0";
    this.plot.style.transform = scale < 1 ? `scale(${scale})` : "";
    this.host.style.height = `${Math.round(this.settings.height * Math.min(scale, 1))}px`;
  }

  async draw() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    let plotly;
    try {
      [plotly] = await Promise.all([this.plotly ?? loadPlotly(), this.plotly ? undefined : loadFont()]);
    } catch (error) {
      this.fail(error, true);
      return;
    }
    this.plotly = plotly;
    const room = this.paper ?? this.room ?? this.figure.clientWidth;
    const width = Math.max(room, this.settings?.least_width ?? 0);
    if (turn !== this.turn || this.gone) return; // a newer figure is on its way
    if (!room || !this.text) {
      this.drawnWidth = 0; // seen again by the ResizeObserver
      return;
    }
    this.drawnWidth = room;
    this.shrink(room, width);
    const { data, layout } = this.parsed();
    delete layout.transition;
    widen(layout, room);
    Object.assign(layout, { width, height: this.settings.height, autosize: false });
    try {
      await plotly.react(this.plot, data, layout, CONFIG);
    } catch (error) {
      this.fail(error, false);
      return;
    }
    this.host.classList.remove("lc-waiting");
    this.status.textContent = "";
    if (!this.listening) {
      this.listening = true;
      this.plot.on("plotly_click", (event) => this.clicked(event));
      this.plot.on("plotly_hover", ({ points }) => this.pointed(points.map(patient).find((row) => row !== undefined)));
      this.plot.on("plotly_unhover", () => this.pointed(undefined));
      drawn.add(this);
    }
  }

  pointed(row) {
    for (const other of drawn) if (other !== this) other.name(row);
  }

  name(row) {
    const places = row === undefined || !this.figure.clientWidth ? [] : this.plot.data.map((data, curveNumber) => ({
      curveNumber, pointNumber: (data.customdata ?? []).findIndex((customdata) => patient({ data, customdata }) === row),
    }));
    const at = places.find(({ pointNumber }) => pointNumber >= 0);
    const before = this.named;
    this.named = at !== undefined;
    if (at) this.plotly.Fx.hover(this.plot, [at], "xy", true); // true: nothing is told again
    else if (before) this.plotly.Fx.unhover(this.plot);
  }

  clicked({ points }) {
    if (!this.settings.click) return;
    const plain = (value) => (value === undefined ? null : value);
    this.setTriggerValue("click", points.map((point) => ({
      curve: point.curveNumber,
      index: point.pointIndex ?? point.pointNumber ?? null,
      x: plain(point.x),
      y: plain(point.y),
      customdata: plain(point.customdata),
    })));
  }

  fail(error, library) {
    console.error("CohortLens chart:", error);
    this.host.classList.remove("lc-waiting");
    this.status.textContent = this.settings.table
      ? "This chart could not be drawn. Its numbers are in the table."
      : "This chart could not be drawn.";
    if (this.settings.table) this.showTable(true);
    // Python then draws with Streamlit's own chart for the rest of the session.
    if (library) this.setTriggerValue("failed", String(error.message ?? error));
  }

  // --- pictures ----------------------------------------------------------------------------------------------

  async save(format) {
    if (this.settings.pictures === "ask") {
      this.setTriggerValue("ask", Date.now()); // the page asks who will see it
      return;
    }
    try {
      const svg = await this.slide();
      const blob = format === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await raster(svg);
      download(blob, `${this.settings.file_name}.${format}`);
    } catch (error) {
      console.error("CohortLens picture:", error);
      this.status.textContent = "The picture could not be made.";
    }
  }

  askSlide() {
    // Made by Python from the numbers of the chart; it comes back as `made` with the next run of the page.
    this.status.textContent = "Making the slide …";
    this.setTriggerValue("slide", Date.now());
  }

  give({ name, file }) {
    this.status.textContent = "";
    if (given.has(name)) return; // the same message again, after the chart was mounted anew
    given.add(name);
    const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
    download(new Blob([bytes], { type: POWERPOINT }), `${this.settings.file_name}.pptx`);
  }

  async slide() {
    // The figure as on screen, enlarged to 16:9 so that its text is as large as on a slide: laid out on fewer
    // pixels (16k × 9k) and scaled up, tall enough for the chart and its title.
    const { settings } = this;
    const [plotly, font] = await Promise.all([loadPlotly(), loadFontData(), loadFont()]);
    const { data, layout } = this.parsed();
    const pad = 32;
    const k = Math.max(48, Math.ceil((settings.height + (settings.title ? 120 : 2 * pad)) / 9));
    const [width, height] = [16 * k, 9 * k];
    const room = width - 2 * pad;
    widen(layout, room);
    const title = wrap(settings.title, `600 26px "Hanken Grotesk"`, room);
    const note = wrap(settings.note, `400 14px "Hanken Grotesk"`, room);
    const own = { ...(layout.template?.layout?.margin ?? {}), ...(layout.margin ?? {}) };
    const top = pad + title.length * 34 + note.length * 20 + (title.length || note.length ? 16 : 0);
    layout.margin = {
      ...own, autoexpand: false,
      l: (own.l ?? 80) + pad, r: (own.r ?? 80) + pad, t: (own.t ?? 100) + top, b: (own.b ?? 80) + pad,
    };
    delete layout.transition;
    delete layout.title;
    Object.assign(layout, { width, height, autosize: false, paper_bgcolor: settings.background });
    const picture = await plotly.toImage({ data, layout, config: CONFIG }, { format: "svg", width, height });
    const drawing = new DOMParser().parseFromString(unpack(picture), "image/svg+xml");
    const root = drawing.documentElement;
    root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    root.setAttribute("width", SLIDE.width);
    root.setAttribute("height", SLIDE.height);
    root.prepend(words("title", settings.alt));
    const style = words("style", `@font-face{font-family:"Hanken Grotesk";font-weight:100 900;src:url(${font})}`);
    if (font) root.prepend(style);
    let y = pad + 4;
    for (const line of title) root.append(textAt(line, pad, (y += 34) - 8, 26, 600, settings.ink));
    for (const line of note) root.append(textAt(line, pad, (y += 20) - 4, 14, 400, settings.muted));
    return new XMLSerializer().serializeToString(drawing);
  }

  remove() {
    this.gone = true;
    drawn.delete(this);
    this.resized.disconnect();
    window.removeEventListener("beforeprint", this.print);
    window.removeEventListener("afterprint", this.printed);
    document.removeEventListener("pointerdown", this.outside);
    this.plotly?.purge(this.plot);
    this.host.remove();
  }
}

// The row of the patient that a mark stands for; undefined for every other mark.
function patient({ data, customdata }) {
  if (data.meta !== "patients") return undefined;
  return (Array.isArray(customdata) ? customdata[0] : customdata) ?? undefined;
}

function download(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function unpack(dataAddress) {
  return decodeURIComponent(dataAddress.slice(dataAddress.indexOf(",") + 1));
}

function words(tag, text) {
  const element = document.createElementNS(SVG_NS, tag);
  element.textContent = text;
  return element;
}

function textAt(text, x, y, size, weight, fill) {
  const element = words("text", text);
  const style = `font-family:"Hanken Grotesk","Source Sans",sans-serif;font-size:${size}px;font-weight:${weight}`;
  for (const [name, value] of Object.entries({ x, y, fill, style })) element.setAttribute(name, value);
  return element;
}

function widen(layout, room) {
  // what a figure looks like where there is room for columns (lib/present/charts/axes.py, in_columns)
  const wide = layout.meta?.wide;
  delete layout.meta;
  if (wide && room >= wide.from) Object.assign(layout, wide.layout);
}

function wrap(text, font, width) {
  if (!text) return [];
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

async function raster(svg) {
  const image = new Image();
  const source = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = source;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = SLIDE.width * SLIDE.scale;
    canvas.height = SLIDE.height * SLIDE.scale;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(source);
  }
}

// --- what Streamlit calls: on every run of the page, with the same parent element -------------------------------

const decoder = new TextDecoder();

export default function (component) {
  const { data, parentElement } = component;
  let chart = charts.get(parentElement);
  if (!chart) {
    chart = new Chart(parentElement);
    charts.set(parentElement, chart);
  }
  chart.update(decoder.decode(data), component);
  return () => {
    chart.remove();
    charts.delete(parentElement);
  };
}
