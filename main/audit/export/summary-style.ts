/** The look of the summary: readable on a screen in light or dark, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #d9d9e0; --paper: #fff; --good: #18794e; --bad: #ce2c31; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #b0b4ba; --line: #363a3f; --paper: #111113; --good: #3dd68c; --bad: #ff9592; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 3rem 1.5rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.125rem; }
h3 { margin: 1rem 0 0.25rem; font-size: 1rem; }
.kind { margin: 0 0 0.25rem; color: var(--soft); }
.verdict { margin-top: 2rem; border: 1px solid var(--line); border-left: 0.375rem solid; border-radius: 0.375rem; padding: 1rem 1.25rem; }
.verdict h2 { margin-top: 0; }
.verdict p { margin: 0; }
.whole { border-left-color: var(--good); }
.broken { border-left-color: var(--bad); }
.whole h2 { color: var(--good); }
.broken h2, .failed { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.5rem 1.5rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: 0.875em ui-monospace, monospace; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.375rem 0; border-bottom: 1px solid var(--line); text-align: right; font-weight: 400; }
th:first-child { text-align: left; }
thead th { color: var(--soft); }
a { color: inherit; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: 0.75rem } }
@media print { body { padding: 0; max-width: none } tr, .verdict { break-inside: avoid } }
`;
