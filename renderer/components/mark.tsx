/** The mark: a voice that is lowered. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" className="mark-ground" />
      <g className="mark-bars">
        <path d="M8 9v14" />
        <path d="M13.3 11.5v9" />
        <path d="M18.6 13.5v5" />
        <path d="M23.9 15.2v1.6" />
      </g>
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="wordmark">
      <Mark />
      <span>Sotto</span>
    </span>
  );
}
