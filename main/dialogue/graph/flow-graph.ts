/** A flow as a graph: one node a step, one edge a way on. Made from the declaration, for people who look at it. */

import { rulesOf } from '../pack/rules.ts';
import type { FlowDeclaration, Step } from '../pack/schema.ts';

export type NodeKind = 'start' | 'ask' | 'say' | 'call' | 'choice' | 'check' | 'flow' | 'person' | 'end';

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** What the step does, short. */
  readonly title: string;
  /** The words or arguments, one line each; may be empty. */
  readonly detail: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Under what condition; empty for the only way. */
  readonly label: string;
}

export interface FlowGraph {
  readonly flow: string;
  readonly description: string;
  readonly takesOver: boolean;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Ways that lead to the next step, with what is written on them. */
type Loose = readonly { readonly from: string; readonly label: string }[];

export function flowGraph(flow: FlowDeclaration): FlowGraph {
  return new GraphMaker(flow).whole();
}

class GraphMaker {
  readonly #flow: FlowDeclaration;
  readonly #nodes: GraphNode[] = [];
  readonly #edges: GraphEdge[] = [];

  constructor(flow: FlowDeclaration) {
    this.#flow = flow;
  }

  whole(): FlowGraph {
    const { flow, description, takesOver, phrases } = this.#flow;
    const said = phrases.slice(0, 2).map((phrase) => `“${phrase}”`);
    const start = this.#node('start', flow, said);
    const loose = this.#steps(this.#flow.steps, [{ from: start, label: '' }]);
    if (loose.length > 0) this.#join(loose, this.#node('end', 'done', []));
    return { flow, description, takesOver, nodes: this.#nodes, edges: this.#edges };
  }

  #steps(steps: readonly Step[], before: Loose): Loose {
    return steps.reduce<Loose>((loose, step) => this.#step(step, loose), before);
  }

  #step(step: Step, before: Loose): Loose {
    if ('collect' in step) return this.#collect(step.collect, before);
    if ('if' in step) return this.#branch(step, before);
    if ('call' in step) return this.#call(step, before);
    if ('say' in step) return this.#one('say', 'say', [firstOf(step.say)], before);
    if ('answer' in step) return this.#one('say', 'answer from the pages', [step.answer], before);
    if ('forget' in step) return this.#one('ask', `forget ${step.forget.join(', ')}`, [], before);
    if ('do' in step) return this.#one('flow', `do ${step.do}`, pairs(step.with ?? {}), before);
    if ('handOff' in step) this.#one('person', 'call a person', [step.handOff], before);
    else if ('end' in step) this.#one('end', 'end', [step.end], before);
    else this.#one('flow', `go on with ${step.start}`, [], before);
    return [];
  }

  /** A question that is asked, and the checks that lead back to it. */
  #collect(slots: readonly string[], before: Loose): Loose {
    let loose = before;
    for (const slot of slots) {
      const declaration = this.#flow.slots[slot];
      const ask = declaration?.optional ? ['(when it is said)'] : [firstOf(declaration?.ask ?? '')];
      const node = this.#node(
        'ask',
        `ask ${slot}`,
        ask.filter((line) => line !== ''),
      );
      this.#join(loose, node);
      loose = [{ from: node, label: '' }];
      for (const rule of rulesOf(declaration)) {
        const check = this.#node('check', rule.must, rule.call === undefined ? [] : [`after ${rule.call}`]);
        this.#join(loose, check);
        this.#edges.push({ from: check, to: node, label: 'no' });
        loose = [{ from: check, label: 'yes' }];
      }
    }
    return loose;
  }

  #branch(step: Extract<Step, { if: string }>, before: Loose): Loose {
    const node = this.#node('choice', step.if, []);
    this.#join(before, node);
    const yes = this.#steps(step.then, [{ from: node, label: 'yes' }]);
    const no = this.#steps(step.else ?? [], [{ from: node, label: 'no' }]);
    return [...yes, ...no];
  }

  /** What comes after a refused call ends the flow. */
  #call(step: Extract<Step, { call: string }>, before: Loose): Loose {
    const node = this.#node('call', `call ${step.call}`, pairs(step.with ?? {}));
    this.#join(before, node);
    if (step.otherwise) {
      const rest = this.#steps(step.otherwise, [{ from: node, label: 'not done' }]);
      if (rest.length > 0) this.#join(rest, this.#node('end', 'stop', []));
    }
    return [{ from: node, label: step.otherwise ? 'done' : '' }];
  }

  #one(kind: NodeKind, title: string, detail: readonly string[], before: Loose): Loose {
    const node = this.#node(kind, title, detail);
    this.#join(before, node);
    return [{ from: node, label: '' }];
  }

  #node(kind: NodeKind, title: string, detail: readonly string[]): string {
    const id = `n${this.#nodes.length + 1}`;
    this.#nodes.push({ id, kind, title, detail });
    return id;
  }

  #join(loose: Loose, to: string): void {
    for (const { from, label } of loose) this.#edges.push({ from, to, label });
  }
}

function firstOf(wording: string | readonly string[]): string {
  return typeof wording === 'string' ? wording : (wording[0] ?? '');
}

function pairs(given: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(given).map(([name, value]) => `${name}: ${String(value)}`);
}
