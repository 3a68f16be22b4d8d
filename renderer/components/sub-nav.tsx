interface SubNavProps<T extends string> {
  readonly label: string;
  readonly here: T;
  readonly places: readonly (readonly [T, string])[];
  readonly onGo: (place: T) => void;
}

/** The parts of one place. */
export function SubNav<T extends string>({ label, here, places, onGo }: SubNavProps<T>) {
  return (
    <nav className="sub-nav" aria-label={label}>
      {places.map(([place, name]) => (
        <button
          key={place}
          type="button"
          aria-current={place === here ? 'page' : undefined}
          onClick={() => onGo(place)}
        >
          {name}
        </button>
      ))}
    </nav>
  );
}
