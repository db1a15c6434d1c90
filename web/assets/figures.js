// Each figure as a chart, built from the figure's own table: what is drawn is what is written. The
// table is then folded; without this script it stays open, and nothing is missing.
"use strict";
(() => {
  // Okabe and Ito's colours, told apart with any eyesight; hatching, dashes and points say it again.
  const light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#b87c00", "#8a8200", "#4d4d4d"];
  const dark = ["#56b4e9", "#e69f00", "#4cc9a0", "#e3a3c7", "#9cc9ff", "#f0e442", "#ff9d5c", "#cccccc"];
  const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [1, 4], [12, 4], [6, 2, 2, 2]];
  const points = ["circle", "rect", "triangle", "rectRot", "star", "crossRot", "rectRounded", "cross"];
  const units = { days: "\u00a0j", percent: "\u202f%", amount: "\u00a0€" };
  const whole = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const night = window.matchMedia("(prefers-color-scheme: dark)");

  // Strokes over a paler ground; the first series is plain.
  function hatched(colour, nth, paper) {
    if (nth === 0) return colour;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = paper;
    pen.fillRect(0, 0, 8, 8);
    pen.globalAlpha = 0.35;
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 8, 8);
    pen.globalAlpha = 1;
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.beginPath();
    const line = (x1, y1, x2, y2) => { pen.moveTo(x1, y1); pen.lineTo(x2, y2); };
    const way = (nth - 1 + Math.floor(nth / 8)) % 4; // the colours come again, not with their strokes
    if (way === 0 || way === 3) { line(-2, 6, 6, -2); line(2, 10, 10, 2); }
    if (way === 1 || way === 3) { line(2, -2, 10, 6); line(-2, 2, 6, 10); }
    if (way === 2) line(0, 4, 8, 4);
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  function inks(onPaper) {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(name).trim();
    if (onPaper) return { ink: "#000", line: "#bbb", paper: "#fff", series: light };
    const series = night.matches ? dark : light;
    return { ink: of("--aig-ink"), line: of("--aig-line"), paper: of("--aig-paper"), series };
  }

  // The columns that the page marks; else those of one unit, that of the first column of numbers.
  function read(table) {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    const marked = heads.filter((cell) => cell.dataset.drawn);
    const first = marked[0] ?? heads.slice(1).find((cell) => cell.classList.contains("number"));
    const kind = first?.dataset.kind;
    const series = [];
    heads.forEach((cell, at) => {
      if (at === 0 || cell.dataset.kind !== kind || (marked.length > 0 && !marked.includes(cell))) return;
      const values = rows.map((row) => row.cells[at]?.dataset.value).map((text) => (text ? Number(text) : null));
      const links = rows.map((row) => row.cells[at]?.querySelector("a")?.href);
      series.push({ label: cell.textContent, values, links });
    });
    return { labels: rows.map((row) => row.cells[0].textContent), series, kind };
  }

  // The furthest that a chart reaches.
  function reach(kind, { series, labels }) {
    if (kind !== "area" && kind !== "stack") return Math.max(0, ...series.flatMap((one) => one.values));
    return Math.max(0, ...labels.map((_, at) => series.reduce((sum, one) => sum + (one.values[at] ?? 0), 0)));
  }

  // What has no room beside the bars goes on below, and is cut after so many lines.
  function inLines(text, length, most) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const last = lines[lines.length - 1];
      if (last && last.length + word.length >= length) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    const kept = lines.slice(0, most).map((line) => (line.length > length ? `${line.slice(0, length - 1)}…` : line));
    if (lines.length > most && !kept[most - 1].endsWith("…")) kept[most - 1] += "…";
    return kept;
  }

  function dataset(kind, { label, values }, nth, colours) {
    const colour = colours.series[nth % colours.series.length];
    const turn = nth + Math.floor(nth / colours.series.length);
    const fill = hatched(colour, nth, colours.paper);
    const common = { label, borderColor: colour, backgroundColor: fill, spanGaps: false };
    if (kind === "line" || kind === "area") {
      const drawn = { ...common, data: values, borderWidth: 2, borderDash: dashes[turn % dashes.length] };
      const shape = points[turn % points.length];
      return { ...drawn, fill: kind === "area", pointStyle: shape, pointRadius: kind === "area" ? 0 : 4, tension: 0 };
    }
    const data = kind === "funnel" ? values.map((value) => [-(value ?? 0) / 2, (value ?? 0) / 2]) : values;
    return { ...common, data, borderWidth: 1, maxBarThickness: 26 };
  }

  // A drawn number opens the same list as the written one.
  function linkAt(event, chart, series) {
    const [met] = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, true);
    return met && series[met.datasetIndex].links[met.index];
  }

  function configure(kind, told, colours, width, tight, furthest) {
    const words = (value) => (value === null ? "–" : whole.format(value) + (units[told.kind] ?? ""));
    const even = told.series.every((one) => one.values.every((value) => Number.isInteger(value ?? 0)));
    const lying = kind !== "line" && kind !== "area";
    const stacked = kind === "area" || kind === "stack";
    const series = kind === "funnel" ? told.series.slice(0, 1) : told.series;
    const [length, short] = width < 480 ? [15, true] : [width < 800 ? 26 : 45, false];
    const fitted = (text) => inLines(short ? text.replace(/^.* › /, "› ") : text, tight ? (width < 480 ? 20 : 2 * length) : length, tight ? 1 : 2);
    const numbers = {
      stacked,
      beginAtZero: true,
      suggestedMax: kind === "funnel" ? undefined : furthest,
      display: kind !== "funnel",
      grid: { color: colours.line },
      border: { color: colours.line },
      ticks: { color: colours.ink, precision: even ? 0 : undefined, callback: words },
    };
    const names = {
      stacked,
      grid: { display: false },
      border: { color: colours.line },
      ticks: {
        color: colours.ink,
        autoSkip: !lying,
        callback(value) { return fitted(this.getLabelForValue(value)); },
      },
    };
    return {
      type: lying ? "bar" : "line",
      data: { labels: told.labels, datasets: series.map((one, nth) => dataset(kind, one, nth, colours)) },
      options: {
        animation: still.matches ? false : { duration: 250 },
        onClick: (event, _, chart) => { const link = linkAt(event, chart, series); if (link) window.location.assign(link); },
        onHover: (event, _, chart) => { chart.canvas.style.cursor = linkAt(event, chart, series) ? "pointer" : ""; },
        maintainAspectRatio: false,
        indexAxis: lying ? "y" : "x",
        interaction: { mode: "index", axis: lying ? "y" : "x", intersect: false },
        scales: lying ? { x: numbers, y: names } : { x: names, y: numbers },
        plugins: {
          legend: {
            display: series.length > 1,
            align: "start",
            labels: { color: colours.ink, usePointStyle: kind === "line", boxWidth: 24 },
          },
          tooltip: {
            callbacks: { label: (item) => `${item.dataset.label} : ${words(series[item.datasetIndex].values[item.dataIndex])}` },
          },
        },
      },
    };
  }

  const drawn = [];
  function draw(box, onPaper = false) {
    const figure = box.closest(".counted");
    const kind = box.dataset.chart;
    const told = read(figure.querySelector("table"));
    if (told.series.length === 0 || told.labels.length === 0) return;
    const lying = kind !== "line" && kind !== "area";
    const bars = told.labels.length * (kind === "bar" ? told.series.length : 1);
    const legend = Math.ceil((told.series.length * 110) / Math.max(box.clientWidth, 110)) * 22;
    const wanted = legend + (lying ? 50 + bars * 16 + told.labels.length * 12 : 320);
    // A sheet of paper: 600 leave room for the table, and labels need theirs.
    const height = Math.min(onPaper ? Math.min(Math.max(600, told.labels.length * 26), 860) : 1200, wanted);
    box.style.height = `${height}px`;
    box.style.width = onPaper ? "660px" : ""; // the screen is measured here, the sheet is narrower
    let canvas = box.querySelector("canvas");
    if (!canvas) {
      canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `Graphique : ${box.dataset.title}. Le tableau dit les mêmes nombres.`);
      box.append(canvas);
    }
    const colours = inks(onPaper);
    // Two calls side by side are drawn on one scale.
    const sides = [...(box.closest(".halves") ?? figure).querySelectorAll("table")];
    const furthest = Math.max(...sides.map((table) => reach(kind, read(table))));
    const tight = lying && (height - legend - 50) / told.labels.length < 30; // no room for two lines
    const config = configure(kind, told, colours, box.clientWidth, tight, furthest);
    if (onPaper) config.options.animation = false;
    Chart.getChart(canvas)?.destroy();
    const { font } = Chart.defaults;
    font.family = getComputedStyle(document.body).fontFamily;
    new Chart(canvas, config);
  }

  const boxes = [...document.querySelectorAll("[data-chart]")];
  const again = (onPaper) => boxes.forEach((box) => draw(box, onPaper));
  boxes.forEach((box) => {
    draw(box);
    if (box.firstChild) {
      const table = box.closest(".counted").querySelector("details");
      table.open = false;
      drawn.push(table);
    }
  });
  night.addEventListener("change", () => again(false));
  // On paper the table is there too, and the chart in the colours of paper.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = drawn.filter((table) => !table.open);
    folded.forEach((table) => { table.open = true; });
    again(true);
  });
  window.addEventListener("afterprint", () => {
    folded.forEach((table) => { table.open = false; });
    again(false);
  });
})();
