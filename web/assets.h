// Style sheets, scripts and pictures: an allow-list read once at start, each under an address that
// carries its own hash, so that browsers may keep it for a year.
//
//   assets.Address("aiguillage.css") -> "/assets/aiguillage.3f9a2c.css"
#pragma once

#include <map>
#include <optional>
#include <string>

#include "web/request.h"
#include "web/response.h"

namespace aiguillage::web {

class Assets {
 public:
  // Everything in `folder`, and the few files of npm's packages that pages ask for, from `npm_dir`
  // ("" = folder/node_modules). Throws std::runtime_error naming what is absent and how to get it.
  Assets(const std::string& folder, const std::string& npm_dir);
  const std::string& Address(const std::string& name) const;  // throws when unknown
  // The file at this path, 304 when the browser has it; nothing when it is none of ours.
  std::optional<Response> Serve(const Request& request) const;

 private:
  struct Asset {
    std::string type, bytes, tag;
  };
  bool Add(const std::string& path);
  std::map<std::string, std::string> addresses_;
  std::map<std::string, Asset> by_path_;
};

}  // namespace aiguillage::web
