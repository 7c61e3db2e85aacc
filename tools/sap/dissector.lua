-- Below are no messages: all of them are in the table above.

local proto = Proto("csme_sap", "Software Arbitration Protocol (CSME)")
local PREFIX = "csme_sap."

local declared = {} -- every ProtoField, in a list
local function declare(field)
  declared[#declared + 1] = field
  return field
end

-- --- what is the same in every record ---

local LAYERS = {[1] = "ME message", [2] = "notification", [3] = "packet"}
local DIRECTIONS = {[1] = "to CSME", [2] = "to the host"}
local QUEUES = {[0] = "none", [1] = "host to ME notifications", [2] = "host to ME data",
                [3] = "ME to host notifications", [4] = "ME to host data"}

local types = {me = {}, sap = {}} -- by number
local me_names, sap_names = {}, {}
for _, message in ipairs(MESSAGES) do
  if message.layer == 1 then
    types.me[message.type] = message
    me_names[message.type] = message.name
  else
    types.sap[message.type] = message
    sap_names[message.type] = message.name
  end
end

local f = {
  capture = declare(ProtoField.none(PREFIX .. "capture", "Capture")),
  version = declare(ProtoField.uint8(PREFIX .. "capture.version", "version", base.DEC)),
  layer = declare(ProtoField.uint8(PREFIX .. "capture.layer", "layer", base.DEC, LAYERS)),
  direction = declare(ProtoField.uint8(PREFIX .. "capture.direction", "direction", base.DEC, DIRECTIONS)),
  queue = declare(ProtoField.uint8(PREFIX .. "capture.queue", "queue", base.DEC, QUEUES)),
  sap_version = declare(ProtoField.uint8(PREFIX .. "capture.sap_version", "sap_version", base.DEC)),
  name = declare(ProtoField.string(PREFIX .. "name", "name")),
  me_type = declare(ProtoField.uint32(PREFIX .. "me.type", "type", base.DEC, me_names)),
  me_seq = declare(ProtoField.uint32(PREFIX .. "me.seq_num", "seq_num", base.DEC)),
  me_len = declare(ProtoField.uint32(PREFIX .. "me.len", "len", base.DEC)),
  type = declare(ProtoField.uint16(PREFIX .. "type", "type", base.DEC, sap_names)),
  len = declare(ProtoField.uint16(PREFIX .. "len", "len", base.DEC)),
  seq = declare(ProtoField.uint32(PREFIX .. "seq_num", "seq_num", base.DEC)),
  extra = declare(ProtoField.bytes(PREFIX .. "extra", "extra")),
  opaque = declare(ProtoField.bytes(PREFIX .. "opaque", "opaque")),
}
local OPAQUE = {{name = "opaque", kind = "rest", size = 0, show = "hex", field = f.opaque}}

local e = {
  too_short = ProtoExpert.new(PREFIX .. "too_short", "fewer bytes than the message demands",
                              expert.group.MALFORMED, expert.severity.ERROR),
  bad_value = ProtoExpert.new(PREFIX .. "bad_value", "a value that cannot be", expert.group.MALFORMED,
                              expert.severity.ERROR),
  wrong_queue = ProtoExpert.new(PREFIX .. "wrong_queue", "a message that does not travel here",
                                expert.group.PROTOCOL, expert.severity.ERROR),
  unknown_type = ProtoExpert.new(PREFIX .. "unknown_type", "a type in no table: a receiver passes over it",
                                 expert.group.UNDECODED, expert.severity.NOTE),
}
proto.experts = {e.too_short, e.bad_value, e.wrong_queue, e.unknown_type}

-- --- the fields of the messages ---

local UINTS = {[1] = ProtoField.uint8, [2] = ProtoField.uint16, [4] = ProtoField.uint32, [8] = ProtoField.uint64}

local function is_number(field)
  return field.kind == "uint" or field.kind == "uint_be"
end

local function declare_number(field, abbr)
  local new = UINTS[field.size]
  local values
  if field.show == "ipv4" then
    field.field = declare(ProtoField.ipv4(abbr, field.name))
    return
  end
  if field.show == "enum" then
    values = {}
    for _, name in ipairs(field.names) do values[name[1]] = name[2] end
  end
  local hex = field.show == "hex" or field.show == "flags" or field.show == "country" or field.show == "vlan"
  field.field = declare(new(abbr, field.name, hex and base.HEX or base.DEC, values))
  field.bits = {}
  if field.show == "flags" then
    for _, name in ipairs(field.names) do
      field.bits[#field.bits + 1] = declare(ProtoField.bool(abbr .. "." .. name[2]:lower(), name[2],
                                                            8 * field.size, nil, name[1]))
    end
  elseif field.show == "vlan" then
    field.bits = {declare(ProtoField.uint16(abbr .. ".id", "id", base.DEC, nil, 0x0fff)),
                  declare(ProtoField.bool(abbr .. ".enabled", "enabled", 16, nil, 0x8000))}
  end
end

local function declare_fields(fields, prefix)
  for _, field in ipairs(fields) do
    local abbr = prefix .. "." .. field.name
    if field.kind == "struct" then
      field.field = declare(ProtoField.none(abbr, field.name))
      declare_fields(field.fields, abbr)
    elseif is_number(field) then
      declare_number(field, abbr)
    elseif field.show == "mac" then
      field.field = declare(ProtoField.ether(abbr, field.name))
    elseif field.show == "ssid" then
      field.field = declare(ProtoField.string(abbr, field.name))
      field.all = declare(ProtoField.bytes(abbr .. "_bytes", field.name .. "_bytes"))
    else
      field.field = declare(ProtoField.bytes(abbr, field.name))
    end
  end
end

for _, message in ipairs(MESSAGES) do
  declare_fields(message.fields, PREFIX .. message.name:lower())
end
proto.fields = declared

-- --- values ---

local function text_of_country(value)
  local first, second = math.floor(value / 256), value % 256
  local text = string.char(first, second)
  return text:match("^%w%w$") and text or ""
end

local function text_of_versions(range)
  local list = {}
  for i = 0, range:len() - 1 do
    if range(i, 1):uint() == 0 then break end
    list[#list + 1] = tostring(range(i, 1):uint())
  end
  return table.concat(list, " ")
end

local function add_number(tree, field, range)
  local add = field.kind == "uint_be" and tree.add or tree.add_le
  local item = add(tree, field.field, range)
  for _, bit in ipairs(field.bits or {}) do
    local add_bit = field.kind == "uint_be" and item.add or item.add_le
    add_bit(item, bit, range)
  end
  if field.size > 4 then return item, 0 end -- no number of that size counts anything
  local value = field.kind == "uint_be" and range:uint() or range:le_uint()
  if field.show == "bool" then
    item:append_text(value ~= 0 and " (yes)" or " (no)")
  elseif field.show == "country" then
    item:append_text(" " .. text_of_country(value))
  end
  return item, value
end

local function add_ssid(tree, field, range, used)
  if used > range:len() then used = range:len() end
  local text = ""
  if used > 0 then text = range(0, used):string(ENC_UTF_8) end
  tree:add(field.field, range, text)
  return tree:add(field.all, range)
end

-- What a number means in one word, for the column of the list; or nil.
local function word_of(field, value)
  if field.show == "bool" then return value ~= 0 and "yes" or "no" end
  if field.show ~= "enum" then return nil end
  for _, name in ipairs(field.names) do
    if name[1] == value then return name[2] end
  end
  return tostring(value)
end

-- A value of at least one byte.
local function add_value(walk, tree, field, range)
  if is_number(field) then
    local item
    item, walk.number = add_number(tree, field, range)
    local word = walk.fields == walk.top and word_of(field, walk.number)
    if word then walk.words[#walk.words + 1] = field.name .. " " .. word end
    return item
  end
  if field.show == "ssid" then return add_ssid(tree, field, range, walk.number) end
  local item = tree:add(field.field, range)
  if field.show == "versions" then
    item:append_text(" (" .. text_of_versions(range) .. ")")
  elseif field.show == "frame" then
    walk.frame = range
  end
  return item
end

-- --- the walk, step by step as the library's visitor makes it ---

local walk_fields

local function left(walk)
  return walk.len - walk.at
end

-- One field, or one element of an array. False if the payload ends in it.
local function walk_element(walk, tree, field, index)
  local size = field.size
  if field.kind == "rest" then
    size = left(walk)
  elseif field.kind == "limited" then
    size = math.min(walk.number, left(walk))
    if walk.number > size then
      tree:add_proto_expert_info(e.too_short, string.format("%s: %d bytes are announced, %d came", field.name,
                                                            walk.number, size))
    end
  end
  if size > left(walk) then
    size = left(walk)
    if size == 0 or field.kind ~= "struct" then return false end
  end
  if field.kind == "struct" then
    local item = tree:add(field.field, walk.payload(walk.at, size))
    if index then item:append_text("[" .. index .. "]") end
    return walk_fields(walk, item, field.fields)
  end
  if size > 0 then
    local item = add_value(walk, tree, field, walk.payload(walk.at, size))
    if index then item:prepend_text("[" .. index .. "] ") end
  end
  walk.at = walk.at + size
  return true
end

walk_fields = function(walk, tree, fields)
  for _, field in ipairs(fields) do
    walk.fields = fields
    if field.count then
      for i = 0, field.count - 1 do
        if not walk_element(walk, tree, field, i) then return false end
      end
    elseif not walk_element(walk, tree, field) then
      return false
    end
  end
  return true
end

-- All fields of a payload, a TvbRange or nil. Gives the frame in it, if there is one; and words for the list.
local function add_payload(tree, message, payload)
  if not payload then return nil, {} end
  local top = message and message.fields or OPAQUE
  local walk = {payload = payload, len = payload:len(), at = 0, number = 0, top = top, words = {}}
  walk_fields(walk, tree, top)
  if left(walk) > 0 then tree:add(f.extra, payload(walk.at, left(walk))) end
  return walk.frame, walk.words
end

-- --- one record ---

local function part(range, from, size)
  if size <= 0 then return nil end
  return range(from, size)
end

-- What stands before each message. Layer and direction, as far as they are known.
local function add_capture(tree, header)
  local layer, direction, queue = header(1, 1):uint(), header(2, 1):uint(), header(3, 1):uint()
  local item = tree:add(f.capture, header)
  local version_item = item:add(f.version, header(0, 1))
  local layer_item = item:add(f.layer, header(1, 1))
  local direction_item = item:add(f.direction, header(2, 1))
  local queue_item = item:add(f.queue, header(3, 1))
  item:add(f.sap_version, header(4, 1))
  if header(0, 1):uint() ~= VERSION then
    version_item:add_proto_expert_info(e.bad_value, "this version of the header is not known")
    layer = 0
  elseif not LAYERS[layer] then
    layer_item:add_proto_expert_info(e.bad_value, "this layer is not known")
  elseif not DIRECTIONS[direction] then
    direction_item:add_proto_expert_info(e.bad_value, "this direction is not known")
  elseif queue ~= (layer == 1 and 0 or layer - 1 + (direction == 1 and 0 or 2)) then
    queue_item:add_proto_expert_info(e.bad_value, "not the queue of this layer and direction")
  end
  return LAYERS[layer] and layer, DIRECTIONS[direction] and direction, queue
end

-- If the header does not say: an ME message is known by its type and length.
local function looks_like_me(range)
  if not range or range:len() < ME_HEADER_SIZE then return false end
  local message, len = types.me[range(0, 4):le_uint()], range(8, 4):le_uint()
  return message and (len == range:len() or (len == 0 and message.least == 0))
end

-- A header's fields. Gives what is known of the type, its number, the payload, how much of it should be there.
local function add_me_header(tree, range)
  local type_item = tree:add_le(f.me_type, range(0, 4))
  tree:add_le(f.me_seq, range(4, 4))
  tree:add_le(f.me_len, range(8, 4))
  local number = range(0, 4):le_uint()
  return types.me[number], number, part(range, ME_HEADER_SIZE, range:len() - ME_HEADER_SIZE), 0, type_item
end

local function add_sap_header(tree, range)
  local type_item = tree:add_le(f.type, range(0, 2))
  tree:add_le(f.len, range(2, 2))
  tree:add_le(f.seq, range(4, 4))
  local number, len = range(0, 2):le_uint(), range(2, 2):le_uint()
  local there = math.min(len, range:len() - SAP_HEADER_SIZE)
  if SAP_HEADER_SIZE + len < range:len() then
    tree:add_proto_expert_info(e.bad_value, string.format("%d bytes follow the message in its record",
                                                          range:len() - SAP_HEADER_SIZE - len))
  end
  return types.sap[number], number, part(range, SAP_HEADER_SIZE, there), len, type_item
end

-- Whether a message travels in that queue, or that way.
local function travels(message, direction, queue)
  if message.layer == 1 then
    return not direction or message.to == 3 or message.to == direction
  end
  if QUEUES[queue] and queue > 0 then
    local to, layer = queue <= 2 and 1 or 2, 2 + (queue - 1) % 2
    if layer ~= message.layer or (message.to ~= 3 and message.to ~= to) then return false end
  end
  return not direction or message.to == 3 or message.to == direction
end

local function judge(tree, type_item, message, payload, announced, direction, queue)
  local there = payload and payload:len() or 0
  if not message then
    type_item:add_proto_expert_info(e.unknown_type)
  elseif not travels(message, direction, queue) then
    type_item:add_proto_expert_info(e.wrong_queue, message.name .. " does not travel here")
  end
  if there < announced then
    tree:add_proto_expert_info(e.too_short, string.format("the header says %d bytes of payload, %d came",
                                                          announced, there))
  elseif message and there < message.least then
    tree:add_proto_expert_info(e.too_short, string.format("%d bytes of payload came, the type demands %d", there,
                                                          message.least))
  end
end

local function tell(pinfo, direction, name, meaning)
  pinfo.cols.protocol = "SAP"
  if direction then
    pinfo.cols.src = direction == 1 and "host" or "CSME"
    pinfo.cols.dst = direction == 1 and "CSME" or "host"
  end
  pinfo.cols.info = meaning and (name .. ": " .. meaning) or name
end

-- The frame is Wireshark's; what it says of it stands behind what we say.
local function show_frame(frame, pinfo, root)
  if frame and frame:len() >= ETHERNET_HEADER_SIZE then
    pinfo.cols.info:append(" | ")
    pinfo.cols.info:fence()
    Dissector.get("eth_withoutfcs"):call(frame:tvb(), pinfo, root)
  end
end

function proto.dissector(tvb, pinfo, root)
  local tree = root:add(proto, tvb())
  tell(pinfo, nil, "damaged")
  if pinfo.caplen < pinfo.len then
    tree:add_proto_expert_info(e.too_short, string.format("only %d of its %d bytes were captured", pinfo.caplen,
                                                          pinfo.len))
  end
  if tvb:len() < HEADER_SIZE then
    tree:add_proto_expert_info(e.too_short, "the record is shorter than its header")
    return
  end
  local layer, direction, queue = add_capture(tree, tvb(0, HEADER_SIZE))
  local range = part(tvb, HEADER_SIZE, tvb:len() - HEADER_SIZE)
  local me = layer == 1 or (not layer and looks_like_me(range))
  if not range or range:len() < (me and ME_HEADER_SIZE or SAP_HEADER_SIZE) then
    tree:add_proto_expert_info(e.too_short, "the message is shorter than its header")
    return
  end

  local message, number, payload, announced, type_item = (me and add_me_header or add_sap_header)(tree, range)
  local name = message and message.name or "type " .. number
  tree:add(f.name, range, name):set_generated()
  tree:append_text(", " .. name)
  tell(pinfo, direction, name, message and message.meaning or "a type in no table")
  judge(tree, type_item, message, payload, announced, direction, queue)
  local frame, words = add_payload(tree, message, payload)
  if #words > 0 then pinfo.cols.info:append(" (" .. table.concat(words, ", ") .. ")") end
  show_frame(frame, pinfo, root)
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, proto)
