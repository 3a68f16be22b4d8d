/**
 * A statistical reading for what no phrase parses: word and letter n-grams of the pack's phrases and examples,
 * weighted by how telling they are, and one linear score a flow trained on them when first needed. Deterministic.
 */
import { spellNumbers, tokenise } from './words.ts';

export interface Example {
  readonly label: string;
  readonly text: string;
}

export interface Classification {
  readonly label: string;
  /** Share of this label among all, 0..1. */
  readonly probability: number;
}

export interface Classified {
  /** Most probable first. */
  readonly ranking: readonly Classification[];
  /** Cosine of the sentence with the nearest example, 0..1: low when it is like nothing in the pack. */
  readonly similarity: number;
}

type Vector = readonly { readonly feature: number; readonly weight: number }[];

const EPOCHS = 14;
const LEARNING_RATE = 0.5;
const SHRINK = 1e-5;
const LETTERS = [3, 4, 5];

export class Classifier {
  readonly #features = new Map<string, number>();
  #rarity: Float64Array = new Float64Array();
  readonly #count: number;
  readonly #labels: readonly string[];
  readonly #examples: readonly { readonly vector: Vector; readonly label: number }[];
  readonly #weights: Float64Array[];
  readonly #byFeature = new Map<number, { example: number; weight: number }[]>();

  constructor(examples: readonly Example[]) {
    this.#count = examples.length;
    this.#labels = [...new Set(examples.map(({ label }) => label))].sort();
    const index = new Map(this.#labels.map((label, at) => [label, at]));
    const bags = examples.map(({ text }) => featuresOf(text));
    this.#learnRarity(bags);
    this.#examples = bags.map((bag, at) => ({
      vector: this.#vector(bag),
      label: index.get(examples[at]?.label ?? '') ?? 0,
    }));
    this.#weights = this.#labels.map(() => new Float64Array(this.#features.size + 1));
    for (const [at, { vector }] of this.#examples.entries())
      for (const { feature, weight } of vector) this.#posting(feature).push({ example: at, weight });
    this.#train();
  }

  classify(text: string): Classified {
    const vector = this.#vector(featuresOf(text));
    const shares = softmax(this.#scores(vector));
    const ranking = this.#labels
      .map((label, at) => ({ label, probability: shares[at] ?? 0 }))
      .sort((a, b) => b.probability - a.probability);
    return { ranking, similarity: this.#nearest(vector) };
  }

  #posting(feature: number): { example: number; weight: number }[] {
    const known = this.#byFeature.get(feature);
    if (known) return known;
    const fresh: { example: number; weight: number }[] = [];
    this.#byFeature.set(feature, fresh);
    return fresh;
  }

  #nearest(vector: Vector): number {
    const overlaps = new Map<number, number>();
    for (const { feature, weight } of vector)
      for (const entry of this.#byFeature.get(feature) ?? [])
        overlaps.set(entry.example, (overlaps.get(entry.example) ?? 0) + entry.weight * weight);
    return Math.min(1, Math.max(0, ...overlaps.values()));
  }

  #learnRarity(bags: readonly ReadonlyMap<string, number>[]): void {
    const seen: number[] = [];
    for (const bag of bags)
      for (const feature of bag.keys()) {
        const at = this.#features.get(feature) ?? this.#features.size;
        this.#features.set(feature, at);
        seen[at] = (seen[at] ?? 0) + 1;
      }
    this.#rarity = Float64Array.from(seen, (count) => Math.log((1 + bags.length) / (1 + count)) + 1);
  }

  /** Unit length over all features of the sentence, those unknown to the pack included: strangeness lowers the rest. */
  #vector(bag: ReadonlyMap<string, number>): Vector {
    const strange = Math.log(1 + this.#count) + 1;
    let square = 0;
    const entries: { feature: number; weight: number }[] = [];
    for (const [name, count] of bag) {
      const feature = this.#features.get(name);
      const weight = (1 + Math.log(count)) * (feature === undefined ? strange : (this.#rarity[feature] ?? 0));
      square += weight * weight;
      if (feature !== undefined) entries.push({ feature, weight });
    }
    const length = Math.sqrt(square) || 1;
    return entries.map(({ feature, weight }) => ({ feature, weight: weight / length }));
  }

  #scores(vector: Vector): number[] {
    return this.#weights.map((weights) => {
      let score = weights[this.#features.size] ?? 0;
      for (const { feature, weight } of vector) score += (weights[feature] ?? 0) * weight;
      return score;
    });
  }

  /** Multinomial logistic regression by stochastic gradient, in a fixed pseudo-random order. */
  #train(): void {
    const order = this.#examples.map((_, at) => at);
    const random = seeded(20240521);
    for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
      shuffle(order, random);
      const rate = (LEARNING_RATE * 12) / (1 + epoch / 2);
      for (const at of order) this.#learn(at, rate);
    }
  }

  #learn(at: number, rate: number): void {
    const example = this.#examples[at];
    if (!example) return;
    const shares = softmax(this.#scores(example.vector));
    for (const [label, weights] of this.#weights.entries()) {
      const error = (label === example.label ? 1 : 0) - (shares[label] ?? 0);
      if (Math.abs(error) < 1e-3) continue;
      for (const { feature, weight } of example.vector)
        weights[feature] = (weights[feature] ?? 0) * (1 - SHRINK * rate) + rate * error * weight;
    }
  }
}

/** Words, pairs of words, and letter groups within words, with how often each occurs. */
function featuresOf(text: string): ReadonlyMap<string, number> {
  const words = spellNumbers(tokenise(text)).map((token) => token.text);
  const bag = new Map<string, number>();
  const add = (feature: string) => bag.set(feature, (bag.get(feature) ?? 0) + 1);
  for (const [at, word] of words.entries()) {
    add(`w ${word}`);
    const next = words[at + 1];
    if (next !== undefined) add(`p ${word} ${next}`);
    const padded = `_${word}_`;
    for (const size of LETTERS)
      for (let from = 0; from + size <= padded.length; from += 1) add(`l ${padded.slice(from, from + size)}`);
  }
  return bag;
}

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** A small linear congruential generator (Numerical Recipes): the same model from the same pack, always. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const [here, there] = [order[at] ?? 0, order[other] ?? 0];
    order[at] = there;
    order[other] = here;
  }
}
