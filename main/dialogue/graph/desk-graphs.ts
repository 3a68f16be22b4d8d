import { SottoError } from '../../base/index.ts';
import type { DeskPack } from '../pack/pack.ts';
import { suggestion } from '../pack/problems.ts';
import { type FlowGraph, flowGraph } from './flow-graph.ts';

/**
 * The flows of a pack as graphs, those of its safety layers too; or one of them.
 * @throws SottoError `desk/no-flow`.
 */
export function deskGraphs(pack: DeskPack, only?: string): readonly FlowGraph[] {
  const names = Object.keys(pack.flows).sort();
  if (only !== undefined && !names.includes(only))
    throw new SottoError('desk/no-flow', `There is no flow \`${only}\` in this pack.`, {
      remedy: suggestion(only, names, 'Look under flows/.'),
    });
  return names
    .filter((name) => only === undefined || name === only)
    .flatMap((name) => (pack.flows[name] ? [flowGraph(pack.flows[name])] : []));
}
