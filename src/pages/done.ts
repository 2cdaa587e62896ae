import { html } from 'hono/html'
import { page } from './layout.ts'

/** Where a wallet sends the browser when the relying party has no page of its own to return to. */
export const donePage = (about: { sandbox: boolean }) =>
  page(
    'Your answer has arrived',
    html`<h1>Your answer has arrived</h1>
      <p>
        You can close this page and go back to where you started. Who asked you sees the result there.
      </p>`,
    about,
  )
