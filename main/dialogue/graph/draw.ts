/** Flow graphs as SVG: legible by itself, in light and dark, with words for those who cannot see it. */
import dagre from '@dagrejs/dagre';
import { escapeMarkup } from '../../base/index.ts';
import type { FlowGraph, GraphNode, NodeKind } from './flow-graph.ts';

const FONT = 13;
const LINE = 18;
/** Width of a character, on average, at FONT: good enough to fit boxes round words. */
const CHARACTER = 7.1;
/** The same for what is set in bold. */
const BOLD_CHARACTER = 8.2;
const MOST_CHARACTERS = 38;
const MOST_LINES = 4;
const PADDING = 12;
const MARGIN = 24;
const HEADER = 56;

interface Placed {
  readonly node: GraphNode;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One flow as one SVG document. */
export function drawFlow(graph: FlowGraph): string {
  const layout = new dagre.graphlib.Graph({ multigraph: true });
  layout.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 30, edgesep: 18, marginx: MARGIN, marginy: MARGIN });
  layout.setDefaultEdgeLabel(() => ({}));
  const texts = new Map(graph.nodes.map((node) => [node.id, linesOf(node)]));
  for (const node of graph.nodes) layout.setNode(node.id, sizeOf(node, texts.get(node.id) ?? []));
  for (const [index, { from, to, label }] of graph.edges.entries())
    layout.setEdge(
      from,
      to,
      { width: label.length * CHARACTER + 8, height: LINE, labelpos: 'c' },
      String(index),
    );
  dagre.layout(layout);
  const { width = 0, height = 0 } = layout.graph();
  const placed = graph.nodes.map((node): Placed => {
    const { x, y, width: wide, height: high } = layout.node(node.id);
    return { node, lines: texts.get(node.id) ?? [], x, y: y + HEADER, width: wide, height: high };
  });
  const edges = graph.edges.map(({ from, to, label }, index) => {
    const edge = layout.edge(from, to, String(index));
    return drawEdge(edge.points ?? [], label, edge.x, edge.y);
  });
  const title = graph.flow.replaceAll('_', ' ');
  const wide = Math.ceil(
    Math.max(width, title.length * 12, graph.description.length * CHARACTER + 2 * MARGIN),
  );
  const high = Math.ceil(height + HEADER);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeMarkup(`The flow ${title}`)}</title>`,
    `<desc id="desc">${escapeMarkup(inWords(graph))}</desc>`,
    STYLE,
    `<rect class="page" width="${wide}" height="${high}"/>`,
    `<text class="heading" x="${MARGIN}" y="30">${escapeMarkup(title)}${graph.takesOver ? ' <tspan class="urgent">takes over</tspan>' : ''}</text>`,
    `<text class="detail" x="${MARGIN}" y="50">${escapeMarkup(graph.description)}</text>`,
    ...edges,
    ...placed.map(drawNode),
    '</svg>',
    '',
  ].join('\n');
}

/** The graph as sentences: what a screen reader says instead of the picture. */
function inWords({ description, nodes, edges }: FlowGraph): string {
  const name = (id: string) => {
    const node = nodes.find((one) => one.id === id);
    return node ? [node.title, ...node.detail].join(', ') : '';
  };
  const steps = edges.map(
    ({ from, to, label }) => `${name(from)}${label === '' ? '' : ` (${label})`} leads to ${name(to)}`,
  );
  return `${description}. ${steps.join('. ')}.`;
}

function linesOf({ title, detail }: GraphNode): readonly string[] {
  const more = detail.flatMap(wrapped);
  const kept = more.length > MOST_LINES ? [...more.slice(0, MOST_LINES - 1), '…'] : more;
  return [...wrapped(title), ...kept];
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length + 1 > MOST_CHARACTERS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

function sizeOf(
  { kind, title }: GraphNode,
  lines: readonly string[],
): { readonly width: number; readonly height: number } {
  const titleLines = wrapped(title).length;
  const widths = lines.map((line, at) => line.length * (at < titleLines ? BOLD_CHARACTER : CHARACTER));
  const slant = kind === 'choice' || kind === 'check' ? 36 : 0;
  return {
    width: Math.max(30, ...widths) + 2 * PADDING + slant,
    height: lines.length * LINE + 2 * PADDING - 4,
  };
}

function drawNode({ node, lines, x, y, width, height }: Placed): string {
  const titleLines = wrapped(node.title).length;
  const top = y - (lines.length * LINE) / 2 + FONT;
  const text = lines.map(
    (line, index) =>
      `<text class="${index < titleLines ? 'label' : 'detail'}" x="${round(x)}" y="${round(top + index * LINE)}" text-anchor="middle">${escapeMarkup(line)}</text>`,
  );
  const tip = escapeMarkup([node.title, ...node.detail].join(': '));
  return `<g class="${node.kind}"><title>${tip}</title>${shapeOf(node.kind, x, y, width, height)}${text.join('')}</g>`;
}

function shapeOf(kind: NodeKind, x: number, y: number, width: number, height: number): string {
  const [left, top, right, bottom] = [x - width / 2, y - height / 2, x + width / 2, y + height / 2].map(
    round,
  );
  if (kind === 'choice' || kind === 'check') {
    const points = `${left},${round(y)} ${round(x - width / 2 + 18)},${top} ${round(x + width / 2 - 18)},${top} ${right},${round(y)} ${round(x + width / 2 - 18)},${bottom} ${round(x - width / 2 + 18)},${bottom}`;
    return `<polygon points="${points}"/>`;
  }
  const radius = kind === 'start' || kind === 'end' || kind === 'person' ? round(height / 2) : 6;
  return `<rect x="${left}" y="${top}" width="${round(width)}" height="${round(height)}" rx="${Math.min(radius, 20)}"/>`;
}

function drawEdge(
  points: readonly { x: number; y: number }[],
  label: string,
  x?: number,
  y?: number,
): string {
  const shifted = points.map((point) => ({ x: round(point.x), y: round(point.y + HEADER) }));
  const [first, ...rest] = shifted;
  const last = shifted.at(-1);
  const before = shifted.at(-2);
  if (!first || !last || !before) return '';
  const line = rest.map((point) => `L${point.x} ${point.y}`).join(' ');
  const words =
    label === '' || x === undefined || y === undefined
      ? ''
      : `<text class="way" x="${round(x)}" y="${round(y + HEADER + 4)}" text-anchor="middle">${escapeMarkup(label)}</text>`;
  return `<path class="edge" d="M${first.x} ${first.y} ${line}"/>${arrow(before, last)}${words}`;
}

function arrow(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const corner = (turn: number) =>
    `${round(to.x - 9 * Math.cos(angle + turn))},${round(to.y - 9 * Math.sin(angle + turn))}`;
  return `<polygon class="tip" points="${to.x},${to.y} ${corner(0.4)} ${corner(-0.4)}"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const STYLE = `<style>
svg { --page: #ffffff; --ink: #1c2430; --soft: #55606e; --line: #7a8696; --ask: #e4efff; --say: #f2f3f5; --call: #fff0d6; --way: #f3e8ff; --flow: #e1f5ea; --person: #ffe1e1; --urgent: #b3261e; }
@media (prefers-color-scheme: dark) { svg { --page: #14181f; --ink: #eef2f7; --soft: #aab4c0; --line: #8894a3; --ask: #1d3557; --say: #2a303a; --call: #4d3a12; --way: #3c2a57; --flow: #17422c; --person: #5a2328; --urgent: #ff8a80; } }
text { font: ${FONT}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink); }
.page { fill: var(--page); }
.heading { font-size: 19px; font-weight: 600; }
.label { font-weight: 600; }
.detail { fill: var(--soft); }
.detail, .way { font-size: 12px; }
.urgent { font-size: 12px; fill: var(--urgent); }
.way { font-weight: 600; paint-order: stroke; stroke: var(--page); stroke-width: 4px; }
.edge { fill: none; stroke: var(--line); stroke-width: 1.5; }
.tip { fill: var(--line); }
g rect, g polygon { stroke: var(--line); stroke-width: 1.2; fill: var(--say); }
.start rect, .end rect { fill: var(--page); stroke: var(--ink); }
.ask rect { fill: var(--ask); }
.call rect { fill: var(--call); }
.choice polygon, .check polygon { fill: var(--way); }
.flow rect { fill: var(--flow); }
.person rect { fill: var(--person); }
</style>`;
