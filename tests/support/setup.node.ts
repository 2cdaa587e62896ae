import { drivers } from './drivers.ts'

// As node.ts and cli.ts do.
drivers['node:crypto']?.()
