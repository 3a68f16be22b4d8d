import { useEffect } from 'react';
import type { Talk } from './talk.ts';

/** Space held: push to talk. Escape: the agent stops speaking. Neither while the key means something where the focus is. */
export function useTalkKeys(talk: Talk, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const down = (event: KeyboardEvent) => {
      if (event.key === 'Escape') void talk.stopSpeaking();
      if (!opensTheEar(event)) return;
      if (talk.view().mode !== 'pushToTalk') return;
      event.preventDefault();
      if (!event.repeat) void talk.pushToTalk(true);
    };
    const up = (event: KeyboardEvent) => {
      if (event.code !== 'Space' && event.code !== 'Enter') return;
      if (talk.view().talking) event.preventDefault();
      void talk.pushToTalk(false);
    };
    const away = () => void talk.pushToTalk(false);
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', away);
    return () => {
      away();
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', away);
    };
  }, [talk, on]);
}

function opensTheEar(event: KeyboardEvent): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  if (target.closest('[data-talk-button]') !== null) return event.code === 'Space' || event.code === 'Enter';
  if (event.code !== 'Space') return false;
  if (target instanceof HTMLInputElement) return target.type === 'radio';
  return target.closest('button, a, select, textarea, [contenteditable]') === null;
}
