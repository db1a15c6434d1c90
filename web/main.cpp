#include "web/cli/command_line.h"

int main(int argc, char** argv) { return aiguillage::web::RunCommandLine(argc, argv); }
