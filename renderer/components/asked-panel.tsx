import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Act } from '../api/use-act.ts';
import type { Asked } from '../api/use-appliance.ts';
import { Answer } from './answer.tsx';
import { Button } from './button.tsx';
import { ErrorMessage } from './message.tsx';
import { Panel, Table } from './panel.tsx';

interface AskedPanelProps<T> {
  readonly title: string;
  readonly note: string;
  readonly of: Asked<T>;
  /** What the button says that asks anew. */
  readonly again: string;
  readonly onAgain: () => void;
  readonly children: (value: T) => ReactNode;
}

/** A panel of one answer, which a person may ask for anew. */
export function AskedPanel<T>({ title, note, of, again, onAgain, children }: AskedPanelProps<T>) {
  return (
    <Panel
      title={title}
      note={note}
      actions={
        <Button icon={RefreshCw} onClick={onAgain}>
          {again}
        </Button>
      }
    >
      <Answer of={of}>{children}</Answer>
    </Panel>
  );
}

interface ListPanelProps<T> {
  readonly title: string;
  readonly note: string;
  readonly level?: 1 | 2;
  readonly actions?: ReactNode;
  readonly of: Asked<readonly T[]>;
  /** What went wrong with an act on one of them is shown above. */
  readonly act?: Act;
  /** Said where there is nothing. */
  readonly none: string;
  readonly label: string;
  readonly heads: readonly string[];
  /** With a column for what can be done. */
  readonly mayAct?: boolean;
  readonly row: (one: T) => ReactNode;
}

/** A panel of one table: the things that an answer lists, a row each. */
export function ListPanel<T>(props: ListPanelProps<T>) {
  const { title, note, level = 2, actions, of, act, none, label, heads, mayAct = false, row } = props;
  return (
    <Panel title={title} note={note} level={level} actions={actions}>
      {act === undefined || act.error === null ? null : <ErrorMessage error={act.error} />}
      <Answer of={of}>
        {(list) =>
          list.length === 0 ? (
            <p className="muted">{none}</p>
          ) : (
            <Table label={label} heads={[...heads, ...(mayAct ? [''] : [])]}>
              {list.map(row)}
            </Table>
          )
        }
      </Answer>
    </Panel>
  );
}
