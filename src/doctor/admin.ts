import { type DoctorFinding, ok, warning } from './finding.ts'

/** Says how operators log in to `/admin`. */
export function checkAdmin({
  hasPassword,
  hasOwner,
}: {
  readonly hasPassword: boolean
  readonly hasOwner: boolean
}): DoctorFinding {
  if (hasOwner && hasPassword)
    return warning(
      'admin',
      'ADMIN_PASSWORD is no longer used, because there are accounts of operators.',
      'Remove ADMIN_PASSWORD and ADMIN_TOTP_SECRET from the environment.',
    )
  if (hasOwner) return ok('admin', 'Operators log in with their accounts.')
  if (hasPassword)
    return ok(
      'admin',
      'ADMIN_PASSWORD opens /admin until the first owner has an account. Create one on its first page.',
    )
  return ok('admin', 'There is no owner. To use /admin, run: paperround operators add EMAIL --name NAME --role owner')
}
