import type { ServerKind } from './server-process.ts'

export const gateway: ServerKind = {
  name: 'gerbang',
  does: 'src/node.ts as it is, everything on',
  script: 'src/node.ts',
}

export const bare: ServerKind = {
  name: 'bare server',
  does: 'node:http, node:crypto and better-sqlite3 by hand; bare-server.ts says what it leaves out',
  script: 'tests/bench/flow/bare-server.ts',
}

export const byHand: ServerKind = {
  name: 'libraries by hand',
  does: 'Hono, @openid4vc/openid4vp, @sd-jwt, dcql, jose and better-sqlite3; library-server.ts says what it leaves out',
  script: 'tests/bench/flow/library-server.ts',
}
