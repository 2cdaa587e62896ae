import { html } from 'hono/html'
import type { RecognitionView } from '../registry/recognitions.ts'
import type { Recognition } from '../trust/facts.ts'
import type { Standings } from '../trust/snapshot.ts'
import { page } from './layout.ts'

type About = { sandbox: boolean; origin: string; view: RecognitionView }

/** The front door: what this is, who recognises whom today, and where to go on. */
export function homePage({ sandbox, origin, view }: About) {
  return page(
    'Who recognises whom',
    html`<h1>A gateway between national digital IDs</h1>
      <p>
        gerbang issues credentials on top of national ID providers, verifies them for relying parties
        in other states, and keeps the trust registry between the states. Every verdict says why.
      </p>
      <h2 id="matrix">Who recognises whom, today</h2>
      <p class="quiet">
        A row recognises a column. Recognition has a direction, and never passes through a third
        state. A number says for how many purposes.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="matrix">${matrix(view)}</div>
      <p class="key quiet">
        <span>● recognised, for so many purposes</span><span>◐ suspended</span><span>· not recognised</span>
      </p>
      <h2>Go on from here</h2>
      <ul>
        <li>
          <a href="/registry/recognitions">/registry/recognitions</a>: the same, as data, as of any
          instant
        </li>
        <li><a href="/registry/facts">/registry/facts</a>: everything the registry knows</li>
        <li>
          <a href="/.well-known/openid-credential-issuer/issuers/vn"
            >/.well-known/openid-credential-issuer/issuers/vn</a
          >: an issuer, for any OpenID4VCI 1.0 wallet
        </li>
        ${
          sandbox
            ? html`<li>
                  <a href="/sandbox/personas">/sandbox/personas</a>: made-up people of twelve states
                </li>
                <li>
                  <a href="/sandbox/relying-parties">/sandbox/relying-parties</a>: who may ask them,
                  with API keys to try
                </li>`
            : ''
        }
        <li><code>${origin}/v1/presentations</code>: where a relying party asks</li>
      </ul>`,
    { sandbox },
  )
}

function matrix({ recognitions, matrix }: RecognitionView) {
  const countries = Object.keys(matrix)
  return html`<table class="matrix">
    <thead>
      <tr>
        <td></td>
        ${countries.map((country) => html`<th scope="col">${country}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${countries.map(
        (recogniser) =>
          html`<tr>
            <th scope="row">${recogniser}</th>
            ${countries.map((recognised) => cell(recognitions, recogniser, recognised))}
          </tr>`,
      )}
    </tbody>
  </table>`
}

function cell(
  recognitions: readonly Standings<Recognition>[],
  recogniser: string,
  recognised: string,
) {
  if (recogniser === recognised) return html`<td class="home" aria-label="home"></td>`
  const between = recognitions.filter(
    ({ fact }) => fact.recogniser === recogniser && fact.recognised === recognised,
  )
  const purposes = new Set(
    between.filter(({ standing }) => standing === 'granted').flatMap(({ fact }) => fact.purposes),
  )
  if (purposes.size > 0) {
    const named = `${recogniser} recognises ${recognised} for ${[...purposes].join(', ')}`
    return html`<td class="granted" title="${named}" aria-label="${named}">●&nbsp;${purposes.size}</td>`
  }
  const suspended = between.some(({ standing }) => standing === 'suspended')
  return suspended
    ? html`<td class="suspended" title="${recogniser} has suspended ${recognised}">◐</td>`
    : html`<td aria-label="${recogniser} does not recognise ${recognised}">·</td>`
}
