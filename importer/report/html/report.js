"use strict";
// The table of rows: searched, filtered, sorted and shown a page at a time. Only `textContent` writes what came from
// outside, so that a cell is never markup.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const words = data.words;
  const at = Object.fromEntries(data.columns.map((name, number) => [name, number]));
  const word = (cell) => (typeof cell === "number" ? words[cell] : cell);
  const rows = data.rows;
  const shown = [...document.querySelectorAll("#table th")].map((head) => head.dataset.column);
  const numbers = new Set(["row", "line"]);
  const SEARCHED = ["sheet", "status", "customer", "where", "what", "advice", "more"].map((name) => at[name]);
  const PRINTED = 200;
  const state = { text: [], status: "", cause: "", column: "", up: true, page: 0, size: 50 };
  let found = rows;

  const value = (row, name) => (numbers.has(name) ? row[at[name]] : word(row[at[name]]));
  const label = (status) => status.replaceAll("_", " ");
  const count = (number) => number.toLocaleString("en");

  // Lower-case texts are made once a word, and once a row where somebody searches.
  const lower = words.map((text) => text.toLowerCase());
  const low = (cell) => (typeof cell === "number" ? lower[cell] : cell.toLowerCase());
  const hay = new Array(rows.length);
  const haystack = (number) => {
    if (hay[number] === undefined) {
      const row = rows[number];
      hay[number] = row[at.row] + "\n" + SEARCHED.map((column) => low(row[column])).join("\n").replaceAll("_", " ");
    }
    return hay[number];
  };

  function select() {
    const status = words.indexOf(state.status);
    found = rows.filter((row, number) => {
      if (state.status && row[at.status] !== status) return false;
      if (state.cause && !row[at.keys].some((key) => word(key) === state.cause)) return false;
      return state.text.every((part) => haystack(number).includes(part));
    });
    sort();
    state.page = 0;
  }

  function sort() {
    if (!state.column) return;
    const sign = state.up ? 1 : -1;
    const keyed = found.map((row, number) => [value(row, state.column), number, row]);
    keyed.sort((a, b) => (a[0] < b[0] ? -sign : a[0] > b[0] ? sign : a[1] - b[1]));
    found = keyed.map((one) => one[2]);
  }

  // What stands between backticks is code.
  const ticked = (text) =>
    text.split("`").map((part, number) => {
      const piece = number % 2 ? document.createElement("code") : document.createTextNode("");
      piece.textContent = part;
      return piece;
    });

  function cell(row, name) {
    const box = document.createElement("td");
    box.dataset.label = heads[name];
    if (name === "status") {
      const mark = document.createElement("span");
      const status = word(row[at.status]);
      mark.className = "state s-" + status;
      mark.textContent = label(status);
      box.append(mark);
      return box;
    }
    if (name === "row") {
      box.className = "n";
      box.textContent = row[at.row];
      if (row[at.line] !== row[at.row]) box.title = "line " + row[at.line] + " of the file";
      return box;
    }
    const inner = document.createElement("span");
    if (name === "advice") inner.append(...ticked(value(row, name)));
    else inner.textContent = value(row, name);
    const more = name === "what" && word(row[at.more]);
    if (more) {
      const small = document.createElement("small");
      small.textContent = more;
      inner.append(small);
    }
    if (inner.hasChildNodes()) box.append(inner);
    return box;
  }

  function draw(size = state.size, page = state.page) {
    const body = document.createElement("tbody");
    for (const row of found.slice(page * size, (page + 1) * size)) {
      const line = document.createElement("tr");
      line.append(...shown.map((name) => cell(row, name)));
      body.append(line);
    }
    document.querySelector("#table tbody").replaceWith(body);
  }

  function show() {
    const pages = Math.max(1, Math.ceil(found.length / state.size));
    state.page = Math.min(Math.max(state.page, 0), pages - 1);
    draw();
    byId("found").textContent =
      found.length === rows.length ? count(rows.length) + (rows.length === 1 ? " row" : " rows")
        : found.length ? count(found.length) + " of " + count(rows.length) + " rows"
          : "No row is like that. Clear the search to see all " + count(rows.length) + ".";
    byId("page").textContent = "Page " + count(state.page + 1) + " of " + count(pages);
    for (const button of document.querySelectorAll("#pages button")) {
      const back = button.dataset.go === "first" || button.dataset.go === "previous";
      button.disabled = back ? state.page === 0 : state.page === pages - 1;
    }
    for (const head of document.querySelectorAll("#table th")) {
      if (head.dataset.column === state.column) head.setAttribute("aria-sort", state.up ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    }
  }

  function again() {
    state.text = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    state.status = byId("status").value;
    state.cause = byId("cause").value;
    select();
    show();
  }

  // ── what people do ────────────────────────────────────────────────────────────────
  const heads = {};
  for (const head of document.querySelectorAll("#table th")) {
    heads[head.dataset.column] = head.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      state.up = state.column === head.dataset.column ? !state.up : true;
      state.column = head.dataset.column;
      sort();
      state.page = 0;
      show();
    });
    head.replaceChildren(button);
  }
  const statuses = new Map();
  for (const row of rows) statuses.set(row[at.status], (statuses.get(row[at.status]) || 0) + 1);
  for (const [number, many] of statuses) {
    const option = document.createElement("option");
    option.value = words[number];
    option.textContent = label(words[number]) + " (" + count(many) + ")";
    byId("status").append(option);
  }
  let timer = 0;
  byId("search").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(again, 120);
  });
  byId("status").addEventListener("change", again);
  byId("cause").addEventListener("change", again);
  byId("size").addEventListener("change", () => {
    state.size = Number(byId("size").value);
    state.page = 0;
    show();
  });
  byId("filters").addEventListener("submit", (event) => {
    event.preventDefault();
    again();
  });
  byId("filters").addEventListener("reset", () => setTimeout(again, 0));
  const go = { first: () => 0, previous: () => state.page - 1, next: () => state.page + 1, last: () => Infinity };
  byId("pages").addEventListener("click", (event) => {
    const step = event.target.dataset.go;
    if (!step) return;
    state.page = go[step]();
    show();
    byId("table").scrollIntoView({ block: "start" });
  });
  for (const button of document.querySelectorAll("button.show")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      byId("filters").reset();
      byId("cause").value = button.dataset.key;
      again();
      byId("rows").scrollIntoView();
      byId("search").focus({ preventScroll: true });
    });
  }
  addEventListener("beforeprint", () => {
    const many = Math.min(found.length, PRINTED);
    draw(PRINTED, 0);
    byId("printed").textContent =
      many < found.length ? "The first " + many + " of " + count(found.length) + " rows; results.csv has them all." : "";
  });
  addEventListener("afterprint", () => {
    byId("printed").textContent = "";
    show();
  });
  byId("filters").hidden = byId("pages").hidden = false;
  again();
})();
