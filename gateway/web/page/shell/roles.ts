/** Names of the roles. */
import type { Role } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { shellTexts } from "../texts/shell.ts";

/** By role. */
export const roleTexts: Readonly<Record<Role, Text>> = {
  viewer: shellTexts.roleViewer,
  technician: shellTexts.roleTechnician,
  admin: shellTexts.roleAdmin,
};
