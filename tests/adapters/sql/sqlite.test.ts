import { createSqlAccounts } from "../../../src/adapters/sql/accounts.ts";
import { createSqlSpaces } from "../../../src/adapters/sql/spaces.ts";
import { openSqlite } from "../../../src/adapters/sql/sqlite.ts";
import { accountsContract } from "../../contracts/accounts.contract.ts";
import { spacesContract } from "../../contracts/spaces.contract.ts";

spacesContract("SQLite", async (now) => createSqlSpaces({ db: await openSqlite(":memory:", now()), lockRows: false, now }));

accountsContract("SQLite", async (ids) => createSqlAccounts({ db: await openSqlite(":memory:", 0), ids }));
