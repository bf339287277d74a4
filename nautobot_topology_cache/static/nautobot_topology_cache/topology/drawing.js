/** The canvas: draws a shape, tells what is chosen and where nodes are dragged to, moves the view, and saves pictures. */

import { namesThatFit, wholeScale } from "./names.js";
import { MARGINS, option } from "./option.js";
import { theme } from "./palette.js";

const STEP = 60;
/** Nodes that are told apart without going nearer. */
const SMALL = 60;
/** Above this, symbols are small. */
const MANY = 120;
const RELABEL = 1.4;
const KEYS = {
  "+": (drawing) => drawing.zoomBy(1.25),
  "=": (drawing) => drawing.zoomBy(1.25),
  "-": (drawing) => drawing.zoomBy(0.8),
  0: (drawing) => drawing.fit(),
  ArrowLeft: (drawing) => drawing.pan(STEP, 0),
  ArrowRight: (drawing) => drawing.pan(-STEP, 0),
  ArrowUp: (drawing) => drawing.pan(0, STEP),
  ArrowDown: (drawing) => drawing.pan(0, -STEP),
};

export class Drawing {
  /** `container` is no div, for Nautobot changes the theme of every chart in one by a configuration beside it. */
  constructor(container, { onChoose, onMove }) {
    this.container = container;
    this.onMove = onMove;
    // Behind another tab it has no size yet.
    const size = container.clientWidth ? {} : { width: 800, height: 600 };
    this.chart = window.echarts.init(container, null, { renderer: "canvas", ...size });
    this.chart.on("click", ({ dataType, data }) => onChoose(dataType === "edge" ? data.line.id : data.id));
    this.chart.getZr().on("click", ({ target }) => target || onChoose(""));
    this.chart.on("mouseup", ({ dataType, dataIndex, data }) => dataType === "node" && this.#moved(dataIndex, data));
    this.chart.on("graphroam", () => this.#relabel());
    new ResizeObserver(() => container.clientWidth && this.chart.resize({ width: "auto", height: "auto" })).observe(container);
    new MutationObserver(() => this.#again()).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
    container.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Draw; `look` is {colour, colours, ports, compare}. The view stays as it is, unless `whole`. */
  draw(shape, look, whole = false) {
    const zoom = whole ? 1 : this.zoom;
    const scale = zoom * wholeScale(shape.nodes, this.chart.getWidth() - 2 * MARGINS.x, this.chart.getHeight() - 2 * MARGINS.y);
    const named = namesThatFit(shape.nodes, shape.links, scale);
    this.drawn = { shape, look: { ...look, zoom, named, small: shape.nodes.length > MANY } };
    const made = option(shape, this.drawn.look);
    if (whole) this.chart.clear();
    this.chart.setOption(made);
    this.marked = null;
  }

  get zoom() {
    return this.chart.getOption()?.series?.[0]?.zoom ?? 1;
  }

  /** Mark what is chosen, a node or a line, by its id; `""` unmarks. */
  mark(id) {
    if (this.marked) this.chart.dispatchAction({ type: "unselect", seriesIndex: 0, ...this.marked });
    const { nodes, links } = this.drawn.shape;
    const [node, line] = [nodes.findIndex((one) => one.id === id), links.findIndex((one) => one.id === id)];
    this.marked = node >= 0 ? { dataType: "node", dataIndex: node } : line >= 0 ? { dataType: "edge", dataIndex: line } : null;
    if (this.marked) this.chart.dispatchAction({ type: "select", seriesIndex: 0, ...this.marked });
  }

  /** Bring a node into the middle, large enough to read, unless it is in view on a small map. */
  jump(id) {
    const { nodes } = this.drawn.shape;
    if (!nodes.some((one) => one.id === id)) return;
    const [x, y] = this.chart.convertToPixel({ seriesIndex: 0 }, this.#placeOf(id));
    const inView = x > 0 && y > 0 && x < this.chart.getWidth() && y < this.chart.getHeight();
    if (inView && nodes.length <= SMALL) return;
    const zoom = Math.max(this.zoom, Math.min(8, Math.sqrt(nodes.length / SMALL)));
    this.chart.setOption({ series: [{ center: this.#placeOf(id), zoom }] });
    this.#relabel();
  }

  fit() {
    this.chart.setOption({ series: [{ center: null, zoom: 1 }] });
    this.#again(true);
  }

  zoomBy(zoom) {
    const [originX, originY] = [this.chart.getWidth() / 2, this.chart.getHeight() / 2];
    this.chart.dispatchAction({ type: "graphRoam", seriesIndex: 0, zoom, originX, originY });
  }

  pan(dx, dy) {
    this.chart.dispatchAction({ type: "graphRoam", seriesIndex: 0, dx, dy });
  }

  png() {
    return this.chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: theme().ground });
  }

  /** The picture as it is seen, as the text of an SVG. */
  svg() {
    const size = { width: this.chart.getWidth(), height: this.chart.getHeight() };
    const other = window.echarts.init(null, null, { renderer: "svg", ssr: true, ...size });
    const made = option(this.drawn.shape, this.drawn.look);
    const { zoom, center } = this.chart.getOption().series[0];
    Object.assign(made.series[0], { zoom, center });
    other.setOption({ ...made, backgroundColor: theme().ground });
    const text = other.renderToSVGString();
    other.dispose();
    return text;
  }

  #series() {
    return this.chart.getModel().getSeriesByIndex(0);
  }

  #placeOf(id) {
    const data = this.#series().getData();
    return [...data.getItemLayout(data.indexOfName(id))];
  }

  #moved(dataIndex, { id, x, y }) {
    const place = this.#series().getData().getItemLayout(dataIndex);
    if (!place || (place[0] === x && place[1] === y)) return;
    const node = this.drawn.shape.nodes.find((one) => one.id === id);
    [node.x, node.y] = place;
    this.onMove(id, place[0], place[1]);
  }

  /** Names, ports and strokes come and go with the zoom, in steps: each costs a whole drawing. */
  #relabel() {
    const ratio = this.zoom / this.drawn.look.zoom;
    if (ratio > RELABEL || ratio < 1 / RELABEL) this.#again();
  }

  #again(whole = false) {
    if (this.drawn) this.draw(this.drawn.shape, this.drawn.look, whole);
  }

  #key(event) {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(this);
  }
}
