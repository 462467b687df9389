# Runs `BINARY ARGUMENTS` and writes what it prints to OUTPUT.
separate_arguments(ARGUMENTS)
execute_process(COMMAND ${BINARY} ${ARGUMENTS} OUTPUT_FILE ${OUTPUT} COMMAND_ERROR_IS_FATAL ANY)
