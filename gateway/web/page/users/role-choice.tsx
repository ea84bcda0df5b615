/** A role, and what it may. */
import type { JSX } from "preact";
import type { Role } from "../../api.ts";
import { t } from "../shell/language.ts";
import { roleTexts } from "../shell/roles.ts";
import { userTexts } from "../texts/users.ts";

const roles = ["viewer", "technician", "admin"] as const;
const abilities = {
  viewer: userTexts.viewerMay,
  technician: userTexts.technicianMay,
  admin: userTexts.adminMay,
} as const;

/** One to be chosen. */
export function RoleChoice(parts: {
  readonly label: string;
  readonly value: Role;
  readonly change: (role: Role) => void;
}): JSX.Element {
  const { label, value, change } = parts;
  return (
    <label>
      <span class="unseen">{label}</span>
      <select
        value={value}
        onChange={(event) => change(roles.find((one) => one === event.currentTarget.value) ?? value)}
      >
        {roles.map((one) => (
          <option key={one} value={one}>
            {t(roleTexts[one])}
          </option>
        ))}
      </select>
      <small>{t(abilities[value])}</small>
    </label>
  );
}
