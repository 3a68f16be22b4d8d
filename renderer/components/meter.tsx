import { useEffect, useRef } from 'react';
import { type LevelSource, meterShare } from '../state/level.ts';

/** A level meter, -60 to 0 dBFS. Drawn past React: it changes ten times a second. */
export function Meter({ levels, label }: { readonly levels: LevelSource; readonly label: string }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const draw = () => {
      const level = levels.current();
      const share = meterShare(level.rmsDb);
      element.current?.style.setProperty('--level', share.toFixed(3));
      element.current?.style.setProperty('--peak', meterShare(level.peakDb).toFixed(3));
      element.current?.setAttribute('aria-valuenow', String(Math.round(level.rmsDb)));
      element.current?.toggleAttribute('data-clipped', level.clipped);
    };
    draw();
    return levels.subscribe(draw);
  }, [levels]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn with a peak
    <div
      ref={element}
      className="meter"
      role="meter"
      aria-label={label}
      aria-valuemin={-60}
      aria-valuemax={0}
      aria-valuenow={-60}
    >
      <i className="meter-fill" />
      <i className="meter-peak" />
    </div>
  );
}
