import { createSqlSpaces } from "../../../src/adapters/sql/spaces.ts";
import { openSqlite } from "../../../src/adapters/sql/sqlite.ts";
import { spacesContract } from "../../contracts/spaces.contract.ts";

spacesContract("SQLite", async (now) => createSqlSpaces({ db: await openSqlite(":memory:", now()), lockRows: false, now }));
