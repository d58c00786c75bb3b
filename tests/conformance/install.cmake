# Brings HOME up to date with SOURCE; `npm ci` only when the lock file changed.
file(MAKE_DIRECTORY "${HOME}")
file(GLOB files "${SOURCE}/*.mjs" "${SOURCE}/package.json"
  "${SOURCE}/package-lock.json" "${SOURCE}/.npmrc")
file(COPY ${files} DESTINATION "${HOME}")
file(SHA256 "${SOURCE}/package-lock.json" wanted)
set(stamp "${HOME}/installed")
if(EXISTS "${stamp}")
  file(READ "${stamp}" have)
  if(have STREQUAL wanted)
    return()
  endif()
endif()
execute_process(COMMAND "${NPM}" ci --ignore-scripts --loglevel=error
  WORKING_DIRECTORY "${HOME}" RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "npm ci failed; is the package registry reachable?")
endif()

# 400 MB of descriptions, of which one is used.
file(GLOB descriptions "${HOME}/node_modules/@octokit/openapi/generated/*.json")
list(FILTER descriptions EXCLUDE REGEX "/api\\.github\\.com\\.json$")
if(descriptions)
  file(REMOVE ${descriptions})
endif()
file(WRITE "${stamp}" "${wanted}")
