import '../../src/on-node.ts'
