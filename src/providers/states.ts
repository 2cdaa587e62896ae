import { bn } from './bn.ts'
import { id } from './id.ts'
import { jp } from './jp.ts'
import { kh } from './kh.ts'
import { la } from './la.ts'
import { mm } from './mm.ts'
import { my } from './my.ts'
import { ph } from './ph.ts'
import type { StateProfile } from './profile.ts'
import { sg } from './sg.ts'
import { th } from './th.ts'
import { tl } from './tl.ts'
import { vn } from './vn.ts'

/** Every state of the federation by its country code in lower case, as it stands in our URLs. */
export const states: ReadonlyMap<string, StateProfile> = new Map(
  [bn, id, kh, la, mm, my, ph, sg, th, tl, vn, jp].map((state) => [
    state.country.toLowerCase(),
    state,
  ]),
)
