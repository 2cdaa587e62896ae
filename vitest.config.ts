import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** What must hold in both runtimes: the store contract, the HTTP surface, the flows, the attacks. */
const everywhere = ['tests/{store,http,flows,attacks}/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'node', include: ['tests/**/*.test.ts'] },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            miniflare: {
              compatibilityDate: '2026-10-01',
              d1Databases: { DB: 'test' },
              bindings: { MIGRATIONS: await readD1Migrations('migrations') },
            },
          })),
        ],
        // The same tests, over D1: their support files have twins.
        resolve: {
          alias: [{ find: /^(.*\/support\/database)\.ts$/, replacement: '$1.workers.ts' }],
        },
        test: { name: 'workers', include: everywhere, exclude: ['**/*.node.test.ts'] },
      },
    ],
  },
})
