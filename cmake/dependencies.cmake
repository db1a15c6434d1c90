# Every library comes from Debian 12. Those without a CMake file of their own get a target here.
find_package(Threads REQUIRED)
find_package(Poco 1.11 REQUIRED COMPONENTS Foundation Net Util XML)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)  # libpq
find_package(CURL REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)

find_path(SOCI_INCLUDE_DIR soci/soci.h REQUIRED)
foreach(lib core sqlite3 postgresql)
  find_library(SOCI_${lib}_LIBRARY NAMES soci_${lib} REQUIRED)
  add_library(SOCI::soci_${lib} UNKNOWN IMPORTED)
  set_target_properties(SOCI::soci_${lib} PROPERTIES IMPORTED_LOCATION "${SOCI_${lib}_LIBRARY}"
                        INTERFACE_INCLUDE_DIRECTORIES "${SOCI_INCLUDE_DIR}")
endforeach()

function(aiguillage_headers target header)
  find_path(${target}_DIR ${header} REQUIRED)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE "${${target}_DIR}")
endfunction()
aiguillage_headers(valijson_headers valijson/validator.hpp)
aiguillage_headers(mustache_headers kainjow/mustache.hpp)

find_library(DATE_TZ_LIBRARY NAMES date-tz REQUIRED)
add_library(date_tz UNKNOWN IMPORTED)
set_target_properties(date_tz PROPERTIES IMPORTED_LOCATION "${DATE_TZ_LIBRARY}")

# What allocates the product's memory (docs/decisions/0007-pages-in-turn.md); sanitizers bring their
# own. Programs link it, rooms do not.
add_library(allocator INTERFACE)
if(NOT AIGUILLAGE_SANITIZE)
  find_library(JEMALLOC_LIBRARY NAMES jemalloc REQUIRED)
  target_link_libraries(allocator INTERFACE "${JEMALLOC_LIBRARY}")
endif()
