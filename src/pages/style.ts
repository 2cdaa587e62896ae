/** The style sheet of every page, served at `/assets/style.css`. */
export const style = `:root {
  color-scheme: light dark;
  --ink: light-dark(#1b2733, #e6ebf0);
  --quiet: light-dark(#5a6b7b, #9fb0c0);
  --paper: light-dark(#fbfaf7, #14191f);
  --line: light-dark(#d9d5cb, #313c47);
  --gate: light-dark(#0b6e4f, #4fc79a);
  --warn: light-dark(#8a4b00, #ffb454);
}
* { box-sizing: border-box; }
body {
  margin: 0; color: var(--ink); background: var(--paper);
  font: 1rem/1.55 system-ui, 'Noto Sans', 'Noto Sans Thai', 'Noto Sans Lao', 'Noto Sans Khmer',
    'Noto Sans Myanmar', 'Noto Sans CJK JP', sans-serif;
}
header, main { max-width: 62rem; margin: 0 auto; padding: 1rem 1.25rem; }
header a { color: var(--gate); font-weight: 700; letter-spacing: .04em; text-decoration: none; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .2rem 0 .6rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; }
p, ul { max-width: 44rem; }
a { color: var(--gate); overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; font: .92em ui-monospace, 'Noto Sans Mono', monospace; }
.banner { margin: 0; padding: .45rem 1.25rem; font-size: .88rem; text-align: center; max-width: none;
  color: var(--warn); border-bottom: 1px solid var(--line); }
.quiet { color: var(--quiet); font-size: .92rem; }
.scroll { overflow-x: auto; }
table.matrix { border-collapse: collapse; font-size: .88rem; }
.matrix th, .matrix td { border: 1px solid var(--line); width: 2.9rem; height: 2.1rem; text-align: center; padding: 0; }
.matrix th { font-weight: 600; color: var(--quiet); }
.matrix td { font-weight: 700; }
.matrix .home { background: repeating-linear-gradient(45deg, transparent 0 4px, var(--line) 4px 5px); }
.matrix .granted { color: var(--gate); background: color-mix(in srgb, var(--gate) 14%, transparent); }
.matrix .suspended { color: var(--warn); background: color-mix(in srgb, var(--warn) 16%, transparent); }
.key span { display: inline-block; margin-right: 1.2rem; }
`

/** A gate, served at `/assets/icon.svg`. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#0b6e4f" d="M0 2h16v3h-2v9h-3V8a3 3 0 0 0-6 0v6H2V5H0z"/></svg>`
