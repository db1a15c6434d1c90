# storage/migrations/*.sql become one generated .cpp: the program carries its schema and reads no
# path of the machine that built it. Names: 0001_what.sql, or 0002_what.DIALECT.sql for one database.
file(GLOB migration_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/storage/migrations/*.sql)
list(SORT migration_files)
set(migrations_cpp ${CMAKE_CURRENT_BINARY_DIR}/storage_migrations.cpp)
add_custom_command(
  OUTPUT ${migrations_cpp}
  COMMAND ${CMAKE_COMMAND} "-DFILES=${migration_files}" -DOUTPUT=${migrations_cpp}
          -P ${PROJECT_SOURCE_DIR}/cmake/embed_migrations.cmake
  DEPENDS ${migration_files} ${PROJECT_SOURCE_DIR}/cmake/embed_migrations.cmake
  VERBATIM)
target_sources(storage PRIVATE ${migrations_cpp})
