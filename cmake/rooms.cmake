function(aiguillage_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wconversion -Werror
                         -Wno-missing-field-initializers  # {.name = …} leaves the rest empty on purpose
                         -Wno-subobject-linkage  # a private class may hold what its own file keeps anonymous
                         $<$<CONFIG:Release>:-Wno-restrict>)  # g++ 12 at -O3 sees it in « "…" + std::string » (GCC PR105651)
endfunction()

function(aiguillage_options target)
  aiguillage_warnings(${target})
  if(AIGUILLAGE_SANITIZE STREQUAL "address")
    # A null or stray pointer stops a program under ASan by itself: what UBSan adds before every access
    # was a third of what a dozen files of tests took to compile (41 s of processor, 26 without).
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                           -fno-sanitize=null,alignment,vptr,object-size -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  elseif(AIGUILLAGE_SANITIZE STREQUAL "thread")
    target_compile_options(${target} PRIVATE -fsanitize=thread -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=thread)
  endif()
endfunction()

# A room is one static library made of every .cpp in its folder; its arrows are the rooms it links to.
function(aiguillage_room name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cpp
       ${PROJECT_SOURCE_DIR}/${name}/*.h)
  list(FILTER sources EXCLUDE REGEX "/web/(main|cli/|demo/)")
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)  # a room of headers is a room too
  target_compile_definitions(${name} PRIVATE AIGUILLAGE_VERSION="${PROJECT_VERSION}")
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARGN} nlohmann_json::nlohmann_json Threads::Threads)
  aiguillage_together(${name})
  aiguillage_options(${name})
endfunction()

# A target's files are compiled a dozen at a time: nlohmann/json, SOCI and Poco are read once a dozen
# and not once a file, which is most of what a build costs. Two files of one room may
# therefore not give the same name to two things, not even in their anonymous namespaces.
# -DAIGUILLAGE_TOGETHER=OFF compiles each file alone, as clang-tidy does.
option(AIGUILLAGE_TOGETHER "Compile a target's files a dozen at a time" ON)
function(aiguillage_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${AIGUILLAGE_TOGETHER}
                                             UNITY_BUILD_BATCH_SIZE 12)
endfunction()
