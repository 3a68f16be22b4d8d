/**
 * A statistical reading for what no phrase parses: word and letter n-grams of the pack's phrases and examples,
 * weighted by how telling they are, and one linear score a flow (multinomial logistic regression) trained on them when
 * first needed. Deterministic: the same pack makes the same model, always.
 */
import { featuresOf } from './features.ts';

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

/** A sentence as feature numbers and weights of unit length, side by side. */
interface Vector {
  readonly features: Int32Array;
  readonly weights: Float32Array;
}

/** Few enough that the shares stay honest on sentences not seen: of those it is 80 % sure of, four in five are right. */
const EPOCHS = 14;
const LEARNING_RATE = 6;
/** The rate falls to half within so many epochs. */
const HALF_LIFE = 2;
/** With so many examples, what occurs once only is noise. */
const MANY = 4000;

export class Classifier {
  readonly #features = new Map<string, number>();
  #rarity: Float32Array = new Float32Array();
  readonly #count: number;
  readonly #labels: readonly string[];
  readonly #labelOf: Int32Array;
  readonly #vectors: readonly Vector[];
  /** Feature by feature, one weight a label; the last row is the bias. */
  readonly #weights: Float32Array;
  /** Which examples have a feature, and how much of it: one stretch a feature, beginning at `#starts`. */
  #starts: Int32Array = new Int32Array();
  #postings: Int32Array = new Int32Array();
  #amounts: Float32Array = new Float32Array();

  constructor(examples: readonly Example[]) {
    this.#count = examples.length;
    this.#labels = [...new Set(examples.map(({ label }) => label))].sort();
    const index = new Map(this.#labels.map((label, at) => [label, at]));
    this.#labelOf = Int32Array.from(examples, ({ label }) => index.get(label) ?? 0);
    const bags = examples.map(({ text }) => featuresOf(text));
    this.#learnRarity(bags);
    this.#vectors = bags.map((bag) => this.#vector(bag));
    this.#indexExamples();
    this.#weights = new Float32Array((this.#features.size + 1) * this.#labels.length);
    this.#train();
  }

  classify(text: string): Classified {
    const vector = this.#vector(featuresOf(text));
    const shares = new Float32Array(this.#labels.length);
    this.#score(vector, shares);
    softmax(shares);
    const ranking = this.#labels
      .map((label, at) => ({ label, probability: shares[at] ?? 0 }))
      .sort((a, b) => b.probability - a.probability);
    return { ranking, similarity: this.#nearest(vector) };
  }

  #nearest(vector: Vector): number {
    const overlaps = new Float32Array(this.#count);
    for (const [at, feature] of vector.features.entries()) {
      const weight = vector.weights[at] ?? 0;
      const end = this.#starts[feature + 1] ?? 0;
      for (let entry = this.#starts[feature] ?? 0; entry < end; entry += 1) {
        const example = this.#postings[entry] ?? 0;
        overlaps[example] = (overlaps[example] ?? 0) + weight * (this.#amounts[entry] ?? 0);
      }
    }
    return overlaps.reduce((most, overlap) => Math.max(most, overlap), 0);
  }

  #learnRarity(bags: readonly ReadonlyMap<string, number>[]): void {
    const seen = new Map<string, number>();
    for (const bag of bags) for (const name of bag.keys()) seen.set(name, (seen.get(name) ?? 0) + 1);
    const least = bags.length >= MANY ? 2 : 1;
    const rarity: number[] = [];
    for (const [name, count] of seen) {
      if (count < least) continue;
      this.#features.set(name, rarity.length);
      rarity.push(Math.log((1 + bags.length) / (1 + count)) + 1);
    }
    this.#rarity = Float32Array.from(rarity);
  }

  /** Unit length over all features of the sentence, those unknown to the pack included: strangeness lowers the rest. */
  #vector(bag: ReadonlyMap<string, number>): Vector {
    const strange = Math.log(1 + this.#count) + 1;
    let square = 0;
    const features: number[] = [];
    const weights: number[] = [];
    for (const [name, count] of bag) {
      const feature = this.#features.get(name);
      const weight = (1 + Math.log(count)) * (feature === undefined ? strange : (this.#rarity[feature] ?? 0));
      square += weight * weight;
      if (feature === undefined) continue;
      features.push(feature);
      weights.push(weight);
    }
    const length = Math.sqrt(square) || 1;
    return {
      features: Int32Array.from(features),
      weights: Float32Array.from(weights, (weight) => weight / length),
    };
  }

  #indexExamples(): void {
    const counts = new Int32Array(this.#features.size + 1);
    for (const { features } of this.#vectors)
      for (const feature of features) counts[feature + 1] = (counts[feature + 1] ?? 0) + 1;
    for (let at = 1; at < counts.length; at += 1) counts[at] = (counts[at] ?? 0) + (counts[at - 1] ?? 0);
    const free = counts.slice();
    this.#starts = counts;
    this.#postings = new Int32Array(counts.at(-1) ?? 0);
    this.#amounts = new Float32Array(counts.at(-1) ?? 0);
    for (const [example, { features, weights }] of this.#vectors.entries())
      for (const [at, feature] of features.entries()) {
        const place = free[feature] ?? 0;
        free[feature] = place + 1;
        this.#postings[place] = example;
        this.#amounts[place] = weights[at] ?? 0;
      }
  }

  #score(vector: Vector, into: Float32Array): void {
    const weights = this.#weights;
    const size = into.length;
    const bias = this.#features.size * size;
    for (let label = 0; label < size; label += 1) into[label] = weights[bias + label] as number;
    for (let at = 0; at < vector.features.length; at += 1) {
      const row = (vector.features[at] as number) * size;
      const amount = vector.weights[at] as number;
      for (let label = 0; label < size; label += 1)
        into[label] = (into[label] as number) + (weights[row + label] as number) * amount;
    }
  }

  /** Stochastic gradient in a fixed pseudo-random order. */
  #train(): void {
    const order = Array.from(this.#vectors.keys());
    const random = seeded(20240521);
    const shares = new Float32Array(this.#labels.length);
    for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
      shuffle(order, random);
      const rate = LEARNING_RATE / (1 + epoch / HALF_LIFE);
      for (const at of order) this.#learn(at, rate, shares);
    }
  }

  #learn(at: number, rate: number, shares: Float32Array): void {
    const vector = this.#vectors[at];
    if (!vector) return;
    this.#score(vector, shares);
    softmax(shares);
    const size = shares.length;
    const truth = this.#labelOf[at];
    for (let label = 0; label < size; label += 1) {
      const error = (label === truth ? 1 : 0) - (shares[label] as number);
      if (Math.abs(error) < 1e-3) continue;
      const step = rate * error;
      for (let entry = 0; entry < vector.features.length; entry += 1) {
        const place = (vector.features[entry] as number) * size + label;
        this.#weights[place] = (this.#weights[place] as number) + step * (vector.weights[entry] as number);
      }
    }
  }
}

function softmax(scores: Float32Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > most) most = score;
  let sum = 0;
  for (let at = 0; at < scores.length; at += 1) {
    const power = Math.exp((scores[at] as number) - most);
    scores[at] = power;
    sum += power;
  }
  for (let at = 0; at < scores.length; at += 1) scores[at] = (scores[at] as number) / sum;
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
