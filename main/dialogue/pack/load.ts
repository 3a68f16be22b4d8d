import { resolve } from 'node:path';
import type { z } from 'zod';
import { readPages } from '../knowledge/read-pages.ts';
import { checkDesk } from './check-desk.ts';
import { checkFlow, type Surroundings } from './check-flow.ts';
import { checkTools } from './check-tools.ts';
import { fileProblem, hashFiles, type PackFiles, readPackFiles } from './files.ts';
import { checkLanguages, inLanguage } from './languages.ts';
import type { DeskPack, KnowledgePage, PackProblem, PackTexts } from './pack.ts';
import { DeskPackError } from './problems.ts';
import { situationsOf, withSafety } from './safety.ts';
import {
  type DeskDeclaration,
  deskSchema,
  type FlowDeclaration,
  flowSchema,
  type Step,
  toolsFileSchema,
} from './schema.ts';
import { checkSchema } from './schema-problems.ts';
import { allSteps, withSubSlots } from './sub-flows.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

const MAX_YAML_BYTES = 256 * 1024;

/**
 * Reads and checks a desk pack.
 * @throws DeskPackError `desk/invalid` with all that is wrong with it.
 */
export async function loadDeskPack(folder: string): Promise<DeskPack> {
  const { pack, problems } = await checkDeskPack(folder);
  if (!pack) throw new DeskPackError(problems);
  return pack;
}

/** Checks a desk pack and tells everything that is wrong with it. `pack` is null when there is an error. */
export async function checkDeskPack(
  folder: string,
): Promise<{ pack: DeskPack | null; problems: readonly PackProblem[] }> {
  const { files, problems } = await readPackFiles(folder);
  const knowledge = await readPages(files);
  const reading = new PackReading(files, knowledge.pages, [...problems, ...knowledge.problems]);
  const pack = reading.read(resolve(folder));
  // A file is read once for each language, and what is wrong with it told once.
  const told = new Map(reading.problems.map((one) => [JSON.stringify(one), one]));
  const sorted = [...told.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
  return { pack: sorted.some((problem) => problem.severity === 'error') ? null : pack, problems: sorted };
}

/** One file that was read and has the right form. */
interface Read<Declaration> {
  readonly source: YamlSource;
  readonly value: Declaration;
}

/** The files of a pack that hold texts, as they were written. */
interface Sources {
  readonly desk: YamlSource | null;
  readonly flows: readonly YamlSource[];
}

/** The same, as they read in one language. `names` are of all flows, those with mistakes too. */
interface Texts {
  readonly desk: Read<DeskDeclaration> | null;
  readonly flows: readonly Read<FlowDeclaration>[];
  readonly names: readonly string[];
}

class PackReading {
  readonly problems: PackProblem[];
  readonly #files: PackFiles;
  readonly #pages: readonly KnowledgePage[];

  constructor(files: PackFiles, pages: readonly KnowledgePage[], problems: readonly PackProblem[]) {
    this.#files = files;
    this.#pages = pages;
    this.problems = [...problems];
  }

  read(folder: string): DeskPack | null {
    if (this.problems.length > 0 && this.#files.size === 0) return null;
    const tools = this.#files.has('tools.yaml') ? this.#yaml('tools.yaml', toolsFileSchema) : undefined;
    const knowledge = this.#pages;
    const sources: Sources = { desk: this.#source('desk.yaml'), flows: this.#flowSources() };
    const read = this.#texts(sources, 'en-US');
    if (tools)
      this.problems.push(...checkTools(tools.source, tools.value, read.desk?.value ?? null).problems);
    if (!read.desk || tools === null) return null;
    const declared = tools?.value ?? { servers: {}, tools: {} };
    const around = { tools: declared.tools, hasKnowledge: knowledge.length > 0 };
    const main = this.#checked(read, read.desk.value, around, 'en-US');
    const { language, otherLanguages } = read.desk.value;
    for (const source of [read.desk.source, ...sources.flows])
      this.problems.push(...checkLanguages(source, [language, ...otherLanguages]).problems);
    const translations: Record<string, PackTexts> = {};
    for (const other of otherLanguages) {
      const texts = this.#texts({ ...sources, desk: read.desk.source }, other);
      if (texts.desk) {
        const { desk, flows } = this.#checked(texts, texts.desk.value, around, other);
        translations[other] = { desk, flows };
      }
    }
    return {
      folder,
      ...main,
      translations,
      tools: declared.tools,
      servers: declared.servers,
      knowledge,
      hash: hashFiles(this.#files),
    };
  }

  /** The files with texts, as they read in one language. */
  #texts(sources: Sources, language: string): Texts {
    const desk = sources.desk && this.#schema(inLanguage(sources.desk, language), deskSchema, sources.desk);
    const flows: Read<FlowDeclaration>[] = [];
    const names: string[] = [];
    for (const source of sources.flows) {
      const read = this.#schema(inLanguage(source, language), flowSchema, source);
      const name = read?.value.flow ?? nameIn(source.value);
      if (name !== null && names.includes(name))
        this.problems.push({
          severity: 'error',
          file: source.file,
          ...source.locate(['flow'], 'value'),
          message: `There is already a flow \`${name}\`.`,
          remedy: 'Give each flow its own name.',
        });
      if (name !== null) names.push(name);
      if (read) flows.push(read);
    }
    return { desk, flows, names };
  }

  /** What is wrong between the files, and what they make together. */
  #checked(
    { desk: read, flows, names }: Texts,
    desk: DeskDeclaration,
    around: Pick<Surroundings, 'tools' | 'hasKnowledge'>,
    language: string,
  ): Pick<DeskPack, 'desk' | 'flows' | 'safety'> {
    const declared = Object.fromEntries(flows.map(({ value }) => [value.flow, value]));
    if (read) this.problems.push(...checkDesk(read.source, desk, names, language).problems);
    for (const flow of flows)
      this.problems.push(
        ...checkFlow(flow.source, flow.value, { ...around, desk, flows: declared, flowNames: names })
          .problems,
      );
    this.#unreachable(flows, desk);
    const whole = flows.map(({ value }) => [value.flow, withSubSlots(value, declared)] as const);
    return { desk, ...withSafety(desk, Object.fromEntries(whole)) };
  }

  #flowSources(): readonly YamlSource[] {
    const sources: YamlSource[] = [];
    let count = 0;
    for (const file of this.#files.keys()) {
      if (/^flows\/[^/]+\.yml$/.test(file))
        this.problems.push(fileProblem(file, 'A flow ends in .yaml.', 'Rename the file.'));
      if (!/^flows\/[^/]+\.yaml$/.test(file)) continue;
      count += 1;
      const source = this.#source(file);
      if (source) sources.push(source);
    }
    if (count === 0)
      this.problems.push(
        fileProblem('desk.yaml', 'The desk has no flows.', 'Write one file a flow under flows/.'),
      );
    return sources;
  }

  #unreachable(flows: readonly Read<FlowDeclaration>[], desk: DeskDeclaration): void {
    const started = new Set([
      ...flows.flatMap(({ value }) => allSteps(value.steps).flatMap(({ step }) => startedBy(step))),
      ...situationsOf(desk).flatMap(([, { start }]) => start ?? []),
    ]);
    for (const { source, value } of flows)
      if (value.phrases.length === 0 && value.examples.length === 0 && !started.has(value.flow))
        this.problems.push({
          severity: 'warning',
          file: source.file,
          ...source.locate(['phrases'], 'key'),
          message: `Nothing starts the flow \`${value.flow}\`.`,
          remedy: 'Add phrases, or start or do it in another flow.',
        });
  }

  #yaml<Schema extends z.ZodType>(file: string, schema: Schema): Read<z.output<Schema>> | null {
    const source = this.#source(file);
    return source && this.#schema(source, schema, source);
  }

  /** Checks the form of `source`; what is read keeps `whole`, the file with all its languages. */
  #schema<Schema extends z.ZodType>(
    source: YamlSource,
    schema: Schema,
    whole: YamlSource,
  ): Read<z.output<Schema>> | null {
    const { value, problems } = checkSchema(schema, source);
    this.problems.push(...problems);
    return value === null ? null : { source: whole, value };
  }

  #source(file: string): YamlSource | null {
    const text = this.#text(file);
    if (text === null) return null;
    if (text.length > MAX_YAML_BYTES) {
      this.problems.push(fileProblem(file, 'The file is too large.', 'Split it: one flow a file.'));
      return null;
    }
    const { source, problems } = parseYaml(file, text);
    this.problems.push(...problems);
    return source;
  }

  #text(file: string): string | null {
    const bytes = this.#files.get(file);
    if (!bytes) {
      this.problems.push(fileProblem(file, `There is no ${file}.`, 'Begin with `sotto desk new NAME`.'));
      return null;
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      this.problems.push(fileProblem(file, 'The file is not UTF-8 text.', 'Save it as UTF-8.'));
      return null;
    }
  }
}

function nameIn(raw: unknown): string | null {
  return raw !== null && typeof raw === 'object' && 'flow' in raw && typeof raw.flow === 'string'
    ? raw.flow
    : null;
}

function startedBy(step: Step): readonly string[] {
  if ('start' in step) return [step.start];
  return 'do' in step ? [step.do] : [];
}
