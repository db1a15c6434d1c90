# What is installed, and the Debian package made of it (./run package).
#   bin/aiguillage                  the program; it finds its data beside itself, in ../share
#   share/aiguillage                templates, style sheets, definitions, the demo's story
#   share/doc/aiguillage            the guides, the licences, the commented configuration
include(GNUInstallDirs)
install(TARGETS aiguillage RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY web/templates DESTINATION share/aiguillage/web FILES_MATCHING PATTERN "*.mustache")
install(FILES web/assets/aiguillage.css web/assets/aiguillage.js web/assets/figures.js web/assets/logo.svg
        DESTINATION share/aiguillage/web/assets)
install(FILES web/assets/node_modules/bootstrap/dist/css/bootstrap.min.css
        DESTINATION share/aiguillage/web/assets/node_modules/bootstrap/dist/css)
install(FILES web/assets/node_modules/bootstrap/LICENSE DESTINATION share/doc/aiguillage RENAME LICENSE.bootstrap)
install(FILES web/assets/node_modules/chart.js/dist/chart.umd.min.js
        DESTINATION share/aiguillage/web/assets/node_modules/chart.js/dist)
install(FILES web/assets/node_modules/chart.js/LICENSE.md DESTINATION share/doc/aiguillage RENAME LICENSE.chart.js)
install(FILES web/demo/mentor.json web/demo/vignette.png DESTINATION share/aiguillage/web/demo)
install(DIRECTORY workflows/definitions DESTINATION share/aiguillage/workflows)
install(FILES LICENSE THIRD_PARTY.md CHANGELOG.md config/nginx.conf config/aiguillage.conf.example
              docs/guide-exploitation.md docs/guide-pilotage.md docs/guide-rails.md
        DESTINATION share/doc/aiguillage)

# Only the package goes outside the prefix.
set(debian ${PROJECT_SOURCE_DIR}/config/debian)
install(FILES config/aiguillage.service DESTINATION /lib/systemd/system COMPONENT system EXCLUDE_FROM_ALL)
install(FILES config/aiguillage.conf.example DESTINATION /etc/aiguillage RENAME aiguillage.conf
        PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ COMPONENT system EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "Aiguillage <aiguillage@exemple.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Calls for projects, from Démarches Simplifiées to publication")
set(CPACK_SET_DESTDIR ON)  # /etc and /lib are not in the prefix
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};aiguillage;Unspecified;/"
    "${PROJECT_BINARY_DIR};aiguillage;system;/")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tzdata, ca-certificates, passwd")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "graphviz")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nginx, postgresql")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${debian}/postinst ${debian}/prerm ${debian}/postrm ${debian}/conffiles)
include(CPack)
