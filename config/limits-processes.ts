/** Limits of processes, the database, backups, maintenance, the log and alerts. */

// Processes and their connections.
export const SHUTDOWN_GRACE_MS = 30_000
export const INTERRUPTED_GRACE_MS = 3_000 // An interrupted command has this long to close its connections.
export const DATABASE_CONNECT_TIMEOUT_MS = 10_000
export const DATABASE_POOL_MAX = 10
export const PREPARED_AFTER_USES = 5 // A statement that runs once a morning is not worth its memory in each session.
export const PLAN_USES_MAX = 200 // Prepared statements that a session runs until it plans again. A parcel takes about 12.
export const PREPARED_STATEMENTS_MAX = 100 // The sending path has about 40. A session keeps up to 1 MB for each.
export const STATEMENTS_COUNTED_MAX = 500 // Texts with lists of different lengths differ. Their counts must not fill the memory.
export const DATABASE_RETRY_FOR_MS = 15_000 // A restart takes a few seconds. A command reports that the database is down after this.
export const DATABASE_RETRY_MS = 100
export const DATABASE_ATTEMPTS_MAX = 10 // For work that is safe to repeat. Each attempt may get another connection that the restart has cut.
export const DATABASE_IDLE_IN_TRANSACTION_MS = 30_000 // A host that loses its network in a transaction would lock its rows for hours.
export const QUEUE_READY_TIMEOUT_MS = 10_000
export const QUEUE_READY_ATTEMPTS_MAX = 5
export const QUEUE_POOL_MAX = 12 // Each worker uses one connection for LISTEN.
export const QUEUE_POOL_LISTENERS_MAX = 40 // Two for each queue, with room for listeners that reconnected.
export const QUEUE_RETRY_MS = 1_000 // After a call that found no server. BullMQ waits 15 s by default, longer than a restart takes.
export const IDLE_POLL_MS = 100

// Traces.
export const TRACE_QUEUE_SPANS_MAX = 8_192 // Spans that wait for the collector, about 8 MB. More are dropped.
export const TRACE_BATCH_SPANS_MAX = 512 // In one request.
export const TRACE_FLUSH_MS_MAX = 3_000 // For one request, and for the last spans when a process ends.

// Commands that wait.
export const RUN_WAIT_HOURS_MAX = 12 // `run --wait` leaves the open work to the workers after this.
export const WAITING_POLL_MS = 1_000 // Between two queries for the reason of the wait.
export const WAITING_REPORT_EVERY_MS = 60_000 // The shortest time between two reports, if the reason has changed.
export const WAITING_REPORT_AFTER_MS = 5_000 // A shorter wait is over before anybody reads the report.
export const WAITING_GROUPS_MAX = 10 // Reasons that are listed. The others are counted together.
export const AHEAD_KEPT_MS = 30_000 // The count of subscribers without a delivery: it reads the whole list, 1 s for a million.
export const AHEAD_KEPT_MAX = 20 // Editions whose count is kept.

// The embedded database.
export const SECRET_CHARS_MIN = 32
export const SECRET_GENERATED_BYTES = 32 // 256 bits, written as 64 hexadecimal digits.
export const OWNER_HEARTBEAT_MS = 5_000
export const OWNER_SILENT_MS = 60_000 // An owner on another host counts as dead after this silence.
export const EMBEDDED_START_MS_MAX = 60_000 // The creation of a new database takes 1–5 s on two cores.
export const EMBEDDED_START_ATTEMPTS_MAX = 5 // Each retry needs another owner that ends in the same second.
export const EMBEDDED_CONNECTIONS_MAX = 100
export const EMBEDDED_LOGIN_MS_MAX = 10_000 // A client on the same machine needs milliseconds for its first messages.
export const EMBEDDED_LOGIN_BYTES_MAX = 10_000 // PostgreSQL's own limit of a start-up message.
export const EMBEDDED_LOGINS_MAX = 50 // Connections that have not yet sent a password.
export const SOCKET_PATH_BYTES_MAX = 103 // sun_path holds 108 bytes on Linux, 104 on macOS and the BSDs. The last byte is NUL.

// Backup and restore.
export const BACKUP_GZIP_LEVEL = 1 // Writes wait during a backup. The best level takes twice as long and saves a seventh.
export const BACKUP_HEARTBEAT_MS = 1_000 // Far less than DATABASE_IDLE_IN_TRANSACTION_MS.
export const PROGRAM_MESSAGE_CHARS_MAX = 1_000 // From the end of another program’s error output.
export const RESTORE_IDS_SKIPPED = 1_000_000_000 // More than a million subscribers use in two years.
export const RESTORE_DAYS_MAX = 31
export const RESTORE_LOCK_WAIT_MS = 10_000 // A process that still runs holds locks for less.

// Retention and maintenance.
export const RETENTION_MONTHS_DEFAULT = 13 // A year, and the same month of the year before for comparison.
export const RETENTION_MONTHS_MIN = 3 // With fewer months, links in digests of the last quarter would break.
export const RETENTION_MONTHS_MAX = 600
export const MONTHS_AHEAD = 2 // Partitions created ahead of the current month.
export const MONTH_LOCK_WAIT_MS = 2_000 // All queries on deliveries queue behind a waiting lock.
export const MAINTENANCE_EVERY_MS = 24 * 3_600_000
export const MAINTENANCE_RETRY_MS = 15 * 60_000 // After a failure, such as a lock that was not free.
export const MAINTENANCE_PAGE = 10_000 // Rows deleted by one statement.

// DNS queries of `paperround doctor`.
export const DNS_TIMEOUT_MS = 5_000
export const DNS_ATTEMPTS_MAX = 2
export const DOCTOR_PAUSE_MS = 1_000 // Before a question is asked again. The second pause is twice as long.
export const DOCTOR_REPEATS_EACH_MAX = 2
export const DOCTOR_REPEATS_MAX = 6 // All questions together: when the network is down, repeating does not help.

// The log.
export const LOG_REPEAT_MS = 60_000 // Each kind of warning is logged once in this time. An outage once logged 35,305 lines in 200 s.
export const LOG_REPEAT_KINDS_MAX = 200 // Kinds with their own count. The others share one line a minute.

// Readiness and alerts.
export const READY_TIMEOUT_MS = 3_000
export const PROGRESS_STUCK_MS = 15 * 60_000 // Longer than any wait between two attempts of a message.
export const ALERTS_EVERY_MS = 60_000
export const TRANSPORT_DOWN_ALERT_MINUTES = 15 // A restart of a mail server takes less.
export const REFUSED_ALERT_PERCENT = 3 // Of an edition’s finished digests. An old list has about 2 % dead addresses.
export const REFUSED_ALERT_MIN = 10 // In a short list, one address is many per cent.
export const UNCERTAIN_ALERT_MIN = 5 // A killed worker leaves one for each of its connections (SMTP_CONNECTIONS_DEFAULT).
export const TRANSACTIONAL_LATE_ALERT_MINUTES = 30 // Somebody waits for it in front of a screen. Greylisting takes 6.
export const ALERT_REASONS_MAX = 3 // Reasons in the text of one alert.
export const ALERT_TIMEOUT_MS = 10_000
export const ALERT_ATTEMPTS_MAX = 3
export const ALERT_BACKOFF_MS = 2_000
