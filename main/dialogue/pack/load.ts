import { resolve } from 'node:path';
import type { z } from 'zod';
import { checkDesk } from './check-desk.ts';
import { checkFlow } from './check-flow.ts';
import { checkTools } from './check-tools.ts';
import { fileProblem, hashFiles, type PackFiles, readPackFiles } from './files.ts';
import type { DeskPack, KnowledgePage, PackProblem } from './pack.ts';
import { DeskPackError } from './problems.ts';
import { deskSchema, type FlowDeclaration, flowSchema, toolsFileSchema } from './schema.ts';
import { checkSchema } from './schema-problems.ts';
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
  const reading = new PackReading(files, problems);
  const pack = reading.read(resolve(folder));
  const sorted = reading.problems.sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
  return { pack: sorted.some((problem) => problem.severity === 'error') ? null : pack, problems: sorted };
}

/** One file that was read and has the right form. */
interface Read<Declaration> {
  readonly source: YamlSource;
  readonly value: Declaration;
}

class PackReading {
  readonly problems: PackProblem[];
  readonly #files: PackFiles;

  constructor(files: PackFiles, problems: readonly PackProblem[]) {
    this.#files = files;
    this.problems = [...problems];
  }

  read(folder: string): DeskPack | null {
    if (this.problems.length > 0 && this.#files.size === 0) return null;
    const desk = this.#yaml('desk.yaml', deskSchema);
    const tools = this.#files.has('tools.yaml') ? this.#yaml('tools.yaml', toolsFileSchema) : undefined;
    const knowledge = this.#knowledge();
    const flows = this.#flows();
    if (desk) this.problems.push(...checkDesk(desk.source, desk.value).problems);
    if (tools) this.problems.push(...checkTools(tools.source, tools.value, desk?.value ?? null).problems);
    if (!desk || tools === null) return null;
    const declared = tools?.value ?? { servers: {}, tools: {} };
    for (const flow of flows.read)
      this.problems.push(
        ...checkFlow(flow.source, flow.value, {
          desk: desk.value,
          tools: declared.tools,
          flowNames: flows.names,
          hasKnowledge: knowledge.length > 0,
        }).problems,
      );
    return {
      folder,
      desk: desk.value,
      flows: Object.fromEntries(flows.read.map(({ value }) => [value.flow, value])),
      tools: declared.tools,
      servers: declared.servers,
      knowledge,
      hash: hashFiles(this.#files),
    };
  }

  #flows(): { read: readonly Read<FlowDeclaration>[]; names: readonly string[] } {
    const read: Read<FlowDeclaration>[] = [];
    const names: string[] = [];
    for (const file of this.#files.keys()) {
      if (/^flows\/[^/]+\.yml$/.test(file))
        this.problems.push(fileProblem(file, 'A flow ends in .yaml.', 'Rename the file.'));
      if (!/^flows\/[^/]+\.yaml$/.test(file)) continue;
      const { flow, name } = this.#flow(file);
      if (name !== null && names.includes(name)) {
        const at = flow?.source.locate(['flow'], 'value') ?? { line: 1, column: 1 };
        this.problems.push({
          severity: 'error',
          file,
          ...at,
          message: `There is already a flow \`${name}\`.`,
          remedy: 'Give each flow its own name.',
        });
      }
      if (name !== null) names.push(name);
      if (flow) read.push(flow);
    }
    if (names.length === 0)
      this.problems.push(
        fileProblem('desk.yaml', 'The desk has no flows.', 'Write one file a flow under flows/.'),
      );
    this.#unreachable(read);
    return { read, names };
  }

  /** The flow, and its name even where the rest is wrong, so that others may refer to it. */
  #flow(file: string): { flow: Read<FlowDeclaration> | null; name: string | null } {
    const source = this.#source(file);
    if (!source) return { flow: null, name: null };
    const { value, problems } = checkSchema(flowSchema, source);
    this.problems.push(...problems);
    if (value) return { flow: { source, value }, name: value.flow };
    const raw: unknown = source.value;
    const name =
      raw !== null && typeof raw === 'object' && 'flow' in raw && typeof raw.flow === 'string'
        ? raw.flow
        : null;
    return { flow: null, name };
  }

  #unreachable(flows: readonly Read<FlowDeclaration>[]): void {
    const started = JSON.stringify(flows.map(({ value }) => value.steps));
    for (const { source, value } of flows)
      if (
        value.phrases.length === 0 &&
        value.examples.length === 0 &&
        !started.includes(`"start":"${value.flow}"`)
      )
        this.problems.push({
          severity: 'warning',
          file: source.file,
          ...source.locate(['phrases'], 'key'),
          message: `Nothing starts the flow \`${value.flow}\`.`,
          remedy: 'Add phrases, or start it from another flow.',
        });
  }

  #knowledge(): KnowledgePage[] {
    const pages: KnowledgePage[] = [];
    for (const file of this.#files.keys()) {
      if (!/^knowledge\/.+\.md$/.test(file)) continue;
      const markdown = this.#text(file);
      if (markdown === null) continue;
      const title = /^#\s+(.+?)\s*#*\s*$/m.exec(markdown)?.[1];
      if (title === undefined)
        this.problems.push({
          severity: 'warning',
          file,
          line: 1,
          column: 1,
          message: 'The page has no title.',
          remedy: 'Begin it with a heading: "# Title".',
        });
      pages.push({ file, title: title ?? file.replace(/^.*\/|\.md$/g, ''), markdown });
    }
    return pages;
  }

  #yaml<Schema extends z.ZodType>(file: string, schema: Schema): Read<z.output<Schema>> | null {
    const source = this.#source(file);
    if (!source) return null;
    const { value, problems } = checkSchema(schema, source);
    this.problems.push(...problems);
    return value === null ? null : { source, value };
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
