import { html, raw } from 'hono/html'

type Html = ReturnType<typeof html>

/** The frame of every page: one style sheet of ours, no script, the sandbox named as such. */
export function page(title: string, body: Html, { sandbox }: { sandbox: boolean }): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title} · gerbang</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/assets/style.css" />
  </head>
  <body>
    ${sandbox ? raw('<p class="banner" role="note">Sandbox: every person and every recognition here is made up.</p>') : ''}
    <header><a href="/">gerbang</a></header>
    <main>${body}</main>
  </body>
</html>`
}
