SELECT ${vars.tow}
