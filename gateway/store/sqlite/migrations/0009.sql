-- Whether an account is degraded stands in its own record, and nowhere else.
DROP TABLE degraded;
