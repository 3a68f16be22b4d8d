import { Monitor, Moon, Sun } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';

type Theme = 'system' | 'light' | 'dark';
const REMEMBERED = 'sotto.theme';
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const ICON = { system: Monitor, light: Sun, dark: Moon } as const;
const LABEL = {
  system: 'Appearance: as the system. Change to light',
  light: 'Appearance: light. Change to dark',
  dark: 'Appearance: dark. Change to as the system',
} as const;

function remembered(): Theme {
  const theme = localStorage.getItem(REMEMBERED);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Applies the remembered theme to the page; called once before the first paint. */
export function applyTheme(theme: Theme = remembered()): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Light, dark, or as the system has it; remembered on this machine. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(remembered);
  useEffect(() => applyTheme(theme), [theme]);
  const change = () => {
    const next = NEXT[theme];
    localStorage.setItem(REMEMBERED, next);
    setTheme(next);
  };
  return <IconButton icon={ICON[theme]} label={LABEL[theme]} onClick={change} />;
}
