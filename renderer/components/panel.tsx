import { type ReactNode, useId } from 'react';

interface PanelProps {
  readonly title: string;
  readonly note?: ReactNode;
  /** Buttons at the end of its head. */
  readonly actions?: ReactNode;
  /** 1 for the first of a screen. */
  readonly level?: 1 | 2;
  readonly children: ReactNode;
}

/** One subject of a screen, with its name and what can be done about it as a whole. */
export function Panel({ title, note, actions, level = 2, children }: PanelProps) {
  const id = useId();
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <section className="panel" aria-labelledby={id}>
      <header className="panel-head">
        <div>
          <Heading id={id}>{title}</Heading>
          {note === undefined ? null : <p>{note}</p>}
        </div>
        {actions === undefined ? null : <div className="panel-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

interface TableProps {
  readonly label: string;
  readonly heads: readonly string[];
  /** Which columns hold numbers, from 0. */
  readonly numbers?: readonly number[];
  readonly children: ReactNode;
}

/** A table that scrolls by itself, also by keyboard. */
export function Table({ label, heads, numbers = [], children }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={head} scope="col" className={numbers.includes(index) ? 'number' : undefined}>
                {head === '' ? <span className="hidden-text">Actions</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** Names and values, in two columns. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="fact-list">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
