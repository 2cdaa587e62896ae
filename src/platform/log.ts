import type { Clock } from './clock.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
/** Counts, codes, durations, route patterns, opaque ids. Never a claim, a secret, or a path as sent. */
export type LogFields = Record<string, string | number | boolean | undefined>
export type Log = Record<Exclude<LogLevel, 'silent'>, (event: string, fields?: LogFields) => void>

const order = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** A log of one line per event: JSON for machines, or for people to read. */
export function lineLog(
  write: (line: string) => void,
  { level, format }: { level: LogLevel; format: 'json' | 'pretty' },
  clock: Clock,
): Log {
  const at = (own: Exclude<LogLevel, 'silent'>) =>
    order.indexOf(own) < order.indexOf(level)
      ? () => {}
      : (event: string, fields: LogFields = {}) => {
          const time = clock().toISOString()
          write(
            format === 'json'
              ? JSON.stringify({ time, level: own, event, ...fields })
              : `${time.slice(11, 19)} ${own === 'info' ? '' : `${own.toUpperCase()} `}${event}${pretty(fields)}`,
          )
        }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

const pretty = (fields: LogFields) =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${value}`)
    .join('')

/**
 * An error as a log may have it: names, codes and places only, for messages of libraries quote what
 * they were given (SQL parameters, JSON).
 */
export function trace(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error'
  const { code } = error as { code?: unknown }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const cause = error.cause === undefined ? '' : ` caused by ${trace(error.cause)}`
  const named = [error.constructor.name, ...(typeof code === 'string' ? [code] : [])]
  return [...named, ...frames].join(' ') + cause
}
