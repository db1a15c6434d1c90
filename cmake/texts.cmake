# What web/ tells from a file and the command line tells too becomes one generated .cpp: the program
# carries it and need not be told where it lies.
set(texts web/figures/figures.json web/openapi.json)
set(texts_cpp ${CMAKE_CURRENT_BINARY_DIR}/web_texts.cpp)
list(TRANSFORM texts PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE text_files)
add_custom_command(
  OUTPUT ${texts_cpp}
  COMMAND ${CMAKE_COMMAND} "-DFILES=${texts}" -DROOT=${PROJECT_SOURCE_DIR} -DOUTPUT=${texts_cpp}
          -P ${PROJECT_SOURCE_DIR}/cmake/embed_texts.cmake
  DEPENDS ${text_files} ${PROJECT_SOURCE_DIR}/cmake/embed_texts.cmake
  VERBATIM)
target_sources(web PRIVATE ${texts_cpp})
